"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";

import { FormError } from "@/components/form/form-error";
import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { RadioCards } from "@/components/form/radio-cards";
import { SubmitButton } from "@/components/form/submit-button";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Button } from "@/components/ui/button";
import { Dialog, DIALOG_FORM, DialogBody, DialogFooter, DialogHeader } from "@/components/ui/dialog";
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

export interface RegenerateApiKeyDialogProps {
  readonly space: Space;
  readonly now: string;
  readonly row: ApiKeyRow;
  readonly onClose: () => void;
}

export function RegenerateApiKeyDialog({ space, now, row, onClose }: RegenerateApiKeyDialogProps) {
  const [issued, setIssued] = useState<IssuedToken | null>(null);
  const [refusal, setRefusal] = useState<{ message: string; freshSignIn: boolean } | null>(null);
  const form = useForm<{ overlap: Overlap }>({ defaultValues: { overlap: "none" } });
  useKeptForm(form, `regenerate ${row.id}`);
  const submit = form.handleSubmit(async ({ overlap }) => {
    setRefusal(null);
    const answer = await regenerateApiKeyAction(space.token, { id: row.id, revision: row.revision, overlap }).catch(
      noAnswer,
    );
    if (answer?.ok) return setIssued(answer.value);
    const message =
      answer?.error.message ?? "The answer did not arrive. If the key has a new token now, regenerate it once more.";
    setRefusal({ message, freshSignIn: answer?.error.code === "fresh_sign_in_required" });
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
    <Dialog open onClose={onClose} onCloseRequest={() => !form.formState.isSubmitting} size="small">
      <DialogHeader title={`Regenerate “${row.name}”?`} />
      <form className={DIALOG_FORM} onSubmit={(event) => void submit(event)}>
        <DialogBody>
          <p>
            The key gets a new token, shown once. Its name, scopes and expiry stay.{" "}
            <LastUseSentence row={row} now={now} />
          </p>
          {row.oldTokenUntil !== null && <p>The token that still overlaps from last time stops at once.</p>}
          <RadioCards form={form} name="overlap" legend="The old token works on for" columns={2} options={OVERLAPS} />
          <FormError>{refusal && !refusal.freshSignIn ? refusal.message : null}</FormError>
          {refusal?.freshSignIn && (
            <FreshSignInPanel space={space} next={`/${space.token}/api-keys/${row.id}?resume=regenerate`} />
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton busy={form.formState.isSubmitting}>Regenerate token</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
