"use client";

import { useState } from "react";

import { noAnswer } from "@/components/form/no-answer";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog, DialogBody, DialogFooter, DialogHeader } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toaster";
import { revokeSelectedApiKeysAction } from "@/lib/api-keys/actions";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import type { RevokeSelectedResult } from "@/lib/api-keys/service";
import type { Space } from "./space";

export interface RevokeSelectedDialogProps {
  readonly space: Space;
  readonly rows: readonly ApiKeyRow[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function keys(count: number): string {
  return count === 1 ? "1 key" : `${count} keys`;
}

export function RevokeSelectedDialog({ space, rows, onDone, onClose }: RevokeSelectedDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [partly, setPartly] = useState<RevokeSelectedResult | null>(null);
  const perform = async () => {
    setBusy(true);
    setError(null);
    const answer = await revokeSelectedApiKeysAction(space.token, { ids: rows.map((row) => row.id) }).catch(noAnswer);
    setBusy(false);
    if (answer === null)
      return setError("The answer did not arrive. Reload the page to see what was revoked; trying again does no harm.");
    if (!answer.ok) return setError(answer.error.message);
    onDone();
    if (answer.value.refused.length > 0) return setPartly(answer.value);
    toast({
      title: `${keys(answer.value.revoked.length)} revoked`,
      description: "Requests with them are refused from now on.",
    });
    onClose();
  };
  if (partly) {
    return (
      <Dialog open onClose={onClose} size="small">
        <DialogHeader title={`${keys(partly.revoked.length)} revoked, ${partly.refused.length} not`} />
        <DialogBody>
          <ul className="list-disc pl-5">
            {partly.refused.map((refused) => (
              <li key={refused.id}>{refused.reason}</li>
            ))}
          </ul>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Done</Button>
        </DialogFooter>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      open
      title={`Revoke ${keys(rows.length)}?`}
      consequence="Requests with these keys will fail at once, and none of them can be brought back."
      confirmLabel={`Revoke ${keys(rows.length)}`}
      cancelLabel="Keep them"
      busy={busy}
      error={error}
      onConfirm={() => void perform()}
      onClose={onClose}
    >
      <ul className="max-h-40 list-disc overflow-y-auto pl-5 text-text">
        {rows.map((row) => (
          <li key={row.id} className="wrap-anywhere">
            {row.name}
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
