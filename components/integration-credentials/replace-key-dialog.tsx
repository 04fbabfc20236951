"use client";

import { useState } from "react";

import type { Space } from "@/components/api-keys/space";
import { Field } from "@/components/form/field";
import { DialogForm } from "@/components/record/dialog-form";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import { replaceCredentialKeyAction } from "@/lib/integration-credentials/actions";
import type { CredentialRow } from "@/lib/integration-credentials/queries";
import { replaceCredentialKeyInput } from "@/lib/integration-credentials/schema";
import { fieldOf } from "./credential-form";
import { sayHost, sayStatus } from "./credential-words";
import { SaveUnchecked } from "./save-unchecked";

export interface ReplaceKeyDialogProps {
  readonly space: Space;
  readonly row: CredentialRow;
  readonly onClose: () => void;
}

/** Puts another key in; the one before is given up once the host accepts that. */
export function ReplaceKeyDialog({ space, row, onClose }: ReplaceKeyDialogProps) {
  const [isUnanswered, setUnanswered] = useState(false);
  const state = useActionForm({
    name: `replace key ${row.id}`,
    values: { apiKey: "", unchecked: false },
    toInput: (values) => ({ id: row.id, revision: row.revision, ...values }),
    schema: replaceCredentialKeyInput,
    action: (input, id) => replaceCredentialKeyAction(space.token, input, id),
    fieldOf,
    // Here is no other field: of what the host says nothing is left out.
    say: ({ fields, message }) => [message, ...(fields.accountToken ?? []), ...(fields.baseUrl ?? [])].join(" "),
    onRefused: ({ fields }) => setUnanswered("unchecked" in fields),
    onDone: ({ name, status, reason }) => {
      toast({
        title: `The key of “${name}” is replaced: ${sayStatus(status)}`,
        ...(reason && { description: reason }),
      });
      onClose();
    },
  });
  const { form } = state;
  const next = `/${space.token}/integrations/credentials?resume=replaceKey&selected=${row.id}`;
  return (
    <DialogForm
      title={`Replace the key of “${row.name}”?`}
      size="small"
      state={state}
      saveLabel="Replace key"
      signIn={<FreshSignInPanel space={space} next={next} button="Replace key" />}
      onClose={onClose}
    >
      <p>
        The new key is tried at {row.baseUrl === null ? "this hub" : sayHost(row)} first. Once it is accepted, the one
        before is gone from here for good; it is not revoked there.
      </p>
      <Field
        form={form}
        name="apiKey"
        label="API Key"
        hint="Kept encrypted. It is never shown again, to anybody."
        rules={{ onChange: () => form.setValue("unchecked", false) }}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            maxLength={500}
            spellCheck={false}
            autoComplete="new-password"
            className="font-mono"
          />
        )}
      </Field>
      {isUnanswered && (
        <SaveUnchecked
          busy={state.busy}
          onSave={(event) => {
            form.setValue("unchecked", true);
            state.submit(event);
          }}
        />
      )}
    </DialogForm>
  );
}
