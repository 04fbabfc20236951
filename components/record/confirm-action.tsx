"use client";

import { useState, type ReactNode } from "react";

import { isSaidByWayOn, WayOn, type Refusal } from "@/components/form/form-refusal";
import type { Outcome } from "@/components/record/outcome";
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog";
import { toast } from "@/components/ui/toaster";

export type ConfirmActionProps = {
  title: string;
  /** What will happen, in the user's terms. */
  consequence: ReactNode;
  confirmLabel: string;
  cancelLabel: string;
  tone: "danger" | "primary";
  perform: () => Promise<Outcome>;
  /** The way to a sign-in, for what is only done shortly after one. */
  signIn?: ReactNode;
  /** After it was done, before the dialog closes. */
  onDone?: () => void;
  onClose: () => void;
};

/** Asks, does it, and says what came of it; a refusal stays in the dialog. */
export function ConfirmAction({ perform, signIn, onDone, onClose, ...words }: ConfirmActionProps) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const confirm = async () => {
    setBusy(true);
    setRefusal(null);
    const outcome = await perform();
    setBusy(false);
    if ("refused" in outcome) return setRefusal(outcome.refused);
    if (outcome.toast) toast(outcome.toast);
    onDone?.();
    onClose();
  };
  return (
    <LazyConfirmDialog
      {...words}
      open
      busy={busy}
      error={isSaidByWayOn({ refusal, signIn }) ? null : refusal?.said}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <WayOn refusal={refusal} signIn={signIn} />
    </LazyConfirmDialog>
  );
}
