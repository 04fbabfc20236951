"use client";

import { useState, type ReactNode } from "react";

import type { Outcome } from "@/components/record/outcome";
import { LateConfirmDialog } from "@/components/ui/late-confirm-dialog";
import { toast } from "@/components/ui/toaster";

export type ConfirmActionProps = {
  title: string;
  /** What will happen, in the user's terms. */
  consequence: ReactNode;
  confirmLabel: string;
  cancelLabel: string;
  tone: "danger" | "primary";
  perform: () => Promise<Outcome>;
  /** After it was done, before the dialog closes. */
  onDone?: () => void;
  onClose: () => void;
};

/** Asks, does it, and says what came of it; a refusal stays in the dialog. */
export function ConfirmAction({ perform, onDone, onClose, ...words }: ConfirmActionProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    const outcome = await perform();
    setBusy(false);
    if ("refused" in outcome) return setError(outcome.refused);
    toast(outcome.toast);
    onDone?.();
    onClose();
  };
  return (
    <LateConfirmDialog {...words} open busy={busy} error={error} onConfirm={() => void confirm()} onClose={onClose} />
  );
}
