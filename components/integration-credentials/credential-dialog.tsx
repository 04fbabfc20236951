"use client";

import { useState } from "react";
import type { UseFormReturn } from "react-hook-form";

import type { Space } from "@/components/api-keys/space";
import { Field } from "@/components/form/field";
import { newSubmissionId } from "@/components/form/submission-id";
import { DialogForm } from "@/components/record/dialog-form";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Button } from "@/components/ui/button";
import { CheckboxRow } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/entry/action";
import { addCredentialAction, editCredentialAction, makeCredentialAction } from "@/lib/integration-credentials/actions";
import type { CredentialOutcome } from "@/lib/integration-credentials/create-credential";
import type { CredentialRow } from "@/lib/integration-credentials/queries";
import { LONGEST_DESCRIPTION, LONGEST_NAME } from "@/lib/integration-credentials/schema";
import {
  complaintsOf,
  fieldOf,
  isElsewhere,
  toCredentialInput,
  valuesOf,
  type CredentialInput,
  type CredentialValues,
} from "./credential-form";
import { sayStatus } from "./credential-words";
import { SaveUnchecked } from "./save-unchecked";

export interface CredentialDialogProps {
  readonly space: Space;
  /** What is edited; null = one is added. */
  readonly row: CredentialRow | null;
  readonly onSaved?: (saved: CredentialOutcome) => void;
  readonly onClose: () => void;
}

type CredentialForm = UseFormReturn<CredentialValues>;

function send(space: Space, asked: CredentialInput, id: string): Promise<ActionResult<CredentialOutcome>> {
  if (asked.does === "make") return makeCredentialAction(space.token, asked.input);
  if (asked.does === "add") return addCredentialAction(space.token, asked.input);
  return editCredentialAction(space.token, asked.input, id);
}

/** What came of it, for a toast: a screen reader hears it. */
export function saySaved({ name, status, reason }: CredentialOutcome) {
  return {
    title: status === null ? `“${name}” saved` : `“${name}” saved: ${sayStatus(status)}`,
    ...(reason !== null && { description: reason }),
  };
}

function useCredentialForm({ space, row, onSaved, onClose }: CredentialDialogProps) {
  const [isUnanswered, setUnanswered] = useState(false);
  const state = useActionForm({
    name: `credential ${row?.id ?? "new"}`,
    values: valuesOf(row),
    toInput: (values, submissionId) => toCredentialInput(values, submissionId, row),
    check: (values) => Promise.resolve(complaintsOf(toCredentialInput(values, newSubmissionId(), row))),
    action: (asked, id) => send(space, asked, id),
    fieldOf,
    onRefused: ({ fields }) => setUnanswered("unchecked" in fields),
    onDone: (saved) => {
      toast(saySaved(saved));
      onSaved?.(saved);
      onClose();
    },
  });
  return { state, isUnanswered };
}

/** Adds a credential, or changes one. What it asks for is tried at the host before it is saved. */
export function CredentialDialog(props: CredentialDialogProps) {
  const { space, row, onClose } = props;
  const { state, isUnanswered } = useCredentialForm(props);
  const { form } = state;
  const resume = row === null ? "resume=add" : `resume=edit&selected=${row.id}`;
  const asksForKey = row === null || isElsewhere(form.watch(), row);
  return (
    <DialogForm
      title={row === null ? "Add New Credential" : "Edit credential"}
      state={state}
      signIn={<FreshSignInPanel space={space} next={`/${space.token}/integrations/credentials?${resume}`} />}
      onClose={onClose}
    >
      <Names form={form} />
      {asksForKey && <ApiKey form={form} space={space} isNew={row === null} />}
      <Field
        form={form}
        name="accountToken"
        label="Account Token"
        hint="Names the account that the requests are for. It is no secret."
        rules={{ onChange: () => form.setValue("unchecked", false) }}
      >
        {(control) => (
          <Input {...control} maxLength={100} spellCheck={false} autoComplete="off" className="font-mono" />
        )}
      </Field>
      <Host form={form} />
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

function Names({ form }: { readonly form: CredentialForm }) {
  return (
    <>
      <Field form={form} name="name" label="Credential Name" hint="Such as the system and the account that it is for.">
        {(control) => <Input {...control} maxLength={LONGEST_NAME} autoComplete="off" />}
      </Field>
      <Field
        form={form}
        name="description"
        label="Credential Description"
        hint="Recommended: what it is for, and how fresh its data has to be."
      >
        {(control) => <Input {...control} maxLength={LONGEST_DESCRIPTION} autoComplete="off" />}
      </Field>
    </>
  );
}

interface ApiKeyProps {
  readonly form: CredentialForm;
  readonly space: Space;
  readonly isNew: boolean;
}

function ApiKey({ form, space, isNew }: ApiKeyProps) {
  const isHere = !form.watch("otherHost");
  // What was pressed is gone: the focus goes on in its place.
  const [cameBack, setCameBack] = useState(false);
  const makes = (makesKey: boolean) => {
    form.setValue("makesKey", makesKey, { shouldDirty: true });
    form.setValue("apiKey", "");
    form.clearErrors("apiKey");
    setCameBack(!makesKey);
    if (makesKey && space.kind === "customer" && form.getValues("accountToken") === "")
      form.setValue("accountToken", space.token, { shouldDirty: true });
  };
  if (isNew && isHere && form.watch("makesKey")) return <MadeKey space={space} onTakeBack={() => makes(false)} />;
  return (
    <div className="grid gap-2 sm:flex sm:items-start sm:[&>:first-child]:flex-1">
      <Field
        form={form}
        name="apiKey"
        label="API Key"
        hint={
          isNew
            ? "Tried at the host, then kept encrypted. It is never shown again, to anybody."
            : "The requests go to another address, so enter the key anew: the one kept here is not sent there."
        }
        rules={{ onChange: () => form.setValue("unchecked", false) }}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            maxLength={500}
            spellCheck={false}
            autoComplete="new-password"
            autoFocus={cameBack}
            className="font-mono"
          />
        )}
      </Field>
      {isNew && isHere && (
        <Button className="justify-self-start sm:mt-[26px]" onClick={() => makes(true)}>
          Make a key for this
        </Button>
      )}
    </div>
  );
}

function MadeKey({ space, onTakeBack }: { readonly space: Space; readonly onTakeBack: () => void }) {
  return (
    <div role="group" aria-label="API Key" className="grid gap-2 rounded-md border border-line bg-bg-subtle p-3">
      <p role="status">
        An API key is made when you save, and shown to nobody. For 12 months it may read vehicles, contacts, vehicle
        assignments, meter entries and fuel entries of{" "}
        {space.kind === "customer" ? "this account" : "the customer whose account token you enter"}, and change nothing.
        It stands among the API keys.
      </p>
      <div>
        <Button autoFocus onClick={onTakeBack}>
          Enter a key instead
        </Button>
      </div>
    </div>
  );
}

function Host({ form }: { readonly form: CredentialForm }) {
  return (
    <>
      <CheckboxRow
        {...form.register("otherHost", { onChange: () => form.setValue("unchecked", false) })}
        label="Another host"
        hint="Left out: this hub."
      />
      {form.watch("otherHost") && (
        <Field
          form={form}
          name="baseUrl"
          label="Base address"
          hint="Where the host’s API begins, such as https://hub.example.com/api/v1."
          rules={{ onChange: () => form.setValue("unchecked", false) }}
        >
          {(control) => (
            <Input {...control} type="url" maxLength={500} spellCheck={false} autoComplete="off" inputMode="url" />
          )}
        </Field>
      )}
    </>
  );
}
