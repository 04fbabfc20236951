"use client";

import { useState } from "react";

import { DialogForm } from "@/components/record/dialog-form";
import { RadioCards } from "@/components/form/radio-cards";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { regenerateApiKeyAction } from "@/lib/api-keys/actions";
import type { Overlap } from "@/lib/api-keys/policy";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import type { IssuedToken } from "@/lib/api-keys/service";
import { LastUseSentence } from "./api-key-verbs";
import { sayReach } from "./key-words";
import { OneTimeTokenDialog } from "./one-time-token-dialog";
import type { Space } from "./space";

const OVERLAPS: readonly { value: Overlap; label: string; hint?: string }[] = [
  { value: "none", label: "Stop at once", hint: "The right choice after a leak" },
  { value: "one_hour", label: "1 hour" },
  { value: "one_day", label: "24 hours" },
  { value: "seven_days", label: "7 days" },
];

const AT_FIRST: { overlap: Overlap } = { overlap: "none" };

export interface RegenerateApiKeyDialogProps {
  readonly space: Space;
  readonly now: string;
  readonly row: ApiKeyRow;
  readonly onClose: () => void;
}

export function RegenerateApiKeyDialog({ space, now, row, onClose }: RegenerateApiKeyDialogProps) {
  const [issued, setIssued] = useState<IssuedToken | null>(null);
  const state = useActionForm({
    name: `regenerate ${row.id}`,
    where: space.token,
    values: AT_FIRST,
    toInput: ({ overlap }) => ({ id: row.id, revision: row.revision, overlap }),
    action: (input, id) => regenerateApiKeyAction(space.token, input, id),
    onDone: setIssued,
  });
  if (issued) {
    return (
      <OneTimeTokenDialog
        issued={issued}
        appUrl={space.appUrl}
        reach={sayReach({ kind: space.kind, ...row })}
        onClose={onClose}
      />
    );
  }
  return (
    <DialogForm
      title={`Regenerate “${row.name}”?`}
      size="small"
      state={state}
      saveLabel="Regenerate token"
      signIn={
        <FreshSignInPanel
          space={space}
          next={`/${space.token}/api-keys/${row.id}?resume=regenerate`}
          button="Regenerate token"
        />
      }
      onClose={onClose}
    >
      <p>
        The key gets a new token, shown once. Its name, scopes and expiry stay. <LastUseSentence row={row} now={now} />
      </p>
      {row.oldTokenUntil !== null && <p>The token that still overlaps from last time stops at once.</p>}
      <RadioCards form={state.form} name="overlap" legend="The old token works on for" columns={2} options={OVERLAPS} />
    </DialogForm>
  );
}
