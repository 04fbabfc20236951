"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";

import { Field } from "@/components/form/field";
import { FormError } from "@/components/form/form-error";
import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { SubmitButton } from "@/components/form/submit-button";
import { LocalOutboxHint } from "@/components/sign-in/local-outbox-hint";
import { Input } from "@/components/ui/input";
import { acceptInvitationAction } from "@/lib/members/actions";
import type { OpenInvitation } from "@/lib/members/queries";
import type { OutboxPlace } from "@/lib/platform/outbox";
import { ROLE_WORDS } from "./role-words";

export interface AcceptInvitationProps {
  readonly token: string;
  readonly invitation: OpenInvitation;
  readonly outbox: OutboxPlace | null;
}

/** Opening the mailed link changes nothing; this button joins. */
export function AcceptInvitation({ token, invitation, outbox }: AcceptInvitationProps) {
  const [joined, setJoined] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const form = useForm<{ name: string }>({ defaultValues: { name: invitation.knownAs ?? "" } });
  useKeptForm(form, "accept");
  const submit = form.handleSubmit(async ({ name }) => {
    setRefused(null);
    const answer = await acceptInvitationAction({ token, name }).catch(noAnswer);
    if (answer?.ok) return setJoined(true);
    const messages = answer?.error.fields.name;
    if (messages) form.setError("name", { message: messages.join(" ") }, { shouldFocus: true });
    else setRefused(answer?.error.message ?? "The answer did not arrive. Try again; joining twice does no harm.");
  });
  if (joined) {
    return (
      <div role="status" className="grid gap-4">
        <p className="font-medium">You are a member of {invitation.accountName} now.</p>
        <p className="text-text-2">
          A sign-in link is on its way to {invitation.email}. It works once, for 15 minutes.
        </p>
        <LocalOutboxHint place={outbox} />
      </div>
    );
  }
  return (
    <form className="grid gap-4" onSubmit={(event) => void submit(event)} noValidate>
      <p className="text-text-2">
        {invitation.invitedBy ?? "An administrator"} invites {invitation.email} as{" "}
        <strong className="font-medium text-text">{ROLE_WORDS[invitation.role].name.toLowerCase()}</strong>.
      </p>
      {invitation.knownAs === null && (
        <Field form={form} name="name" label="Your name" hint="As the others in the account will see it.">
          {(control) => <Input {...control} autoComplete="name" maxLength={100} />}
        </Field>
      )}
      <FormError>{refused}</FormError>
      <SubmitButton busy={form.formState.isSubmitting}>Join {invitation.accountName}</SubmitButton>
    </form>
  );
}
