"use client";

import { useState } from "react";

import { DialogForm } from "@/components/record/dialog-form";
import { RadioCards } from "@/components/form/radio-cards";
import { useActionForm } from "@/components/record/use-action-form";
import { RegenerateHereDialog } from "@/components/integration-credentials/regenerate-here-dialog";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
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
  const [isHere, setHere] = useState(false);
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
  const next = `/${space.token}/api-keys/${row.id}?resume=regenerate`;
  if (isHere) return <RegenerateHereDialog space={space} ownKey={row} next={next} onClose={onClose} />;
  return (
    <DialogForm
      title={`Regenerate “${row.name}”?`}
      size="small"
      state={state}
      saveLabel="Regenerate token"
      signIn={<FreshSignInPanel space={space} next={next} button="Regenerate token" />}
      onClose={onClose}
    >
      <p>
        The key gets a new token, shown once. Its name, scopes and expiry stay. <LastUseSentence row={row} now={now} />
      </p>
      {row.oldTokenUntil !== null && <p>The token that still overlaps from last time stops at once.</p>}
      {row.heldBy > 0 && !space.viewer.limited && <HeldHere count={row.heldBy} onUpdate={() => setHere(true)} />}
      <RadioCards form={state.form} name="overlap" legend="The old token works on for" columns={2} options={OVERLAPS} />
    </DialogForm>
  );
}

/** The other way, where this hub itself uses the key: else its credentials go on with a token that stops. */
function HeldHere({ count, onUpdate }: { readonly count: number; readonly onUpdate: () => void }) {
  const held = count === 1 ? "A credential of this hub holds" : `${count} credentials of this hub hold`;
  return (
    <Notice tone="warn">
      <p>
        {held} the token that the key has now. Regenerated like this it does not get the new one, and is refused once
        the old one stops.
      </p>
      <Button className="mt-2" onClick={onUpdate}>
        Regenerate and update here
      </Button>
    </Notice>
  );
}
