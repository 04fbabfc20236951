"use client";

import { useState } from "react";

import { PageForm } from "@/components/record/page-form";
import { Field } from "@/components/form/field";
import { SubmitButton } from "@/components/form/submit-button";
import { useActionForm } from "@/components/record/use-action-form";
import { LocalOutboxHint } from "@/components/sign-in/local-outbox-hint";
import { Input } from "@/components/ui/input";
import { acceptInvitationAction } from "@/lib/members/actions";
import type { OpenInvitation } from "@/lib/members/queries";
import type { OutboxPlace } from "@/lib/platform/mail/outbox";
import { ROLE_WORDS } from "./role-words";

export interface AcceptInvitationProps {
  readonly token: string;
  readonly invitation: OpenInvitation;
  readonly outbox: OutboxPlace | null;
}

/** Opening the mailed link changes nothing; this button joins. */
export function AcceptInvitation({ token, invitation, outbox }: AcceptInvitationProps) {
  const [joined, setJoined] = useState(false);
  const state = useActionForm({
    name: "accept",
    values: { name: invitation.knownAs ?? "" },
    toInput: ({ name }) => ({ token, name }),
    action: (input) => acceptInvitationAction(input),
    onDone: () => setJoined(true),
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
    <PageForm
      className="grid gap-4"
      state={state}
      footer={<SubmitButton busy={state.busy}>Join {invitation.accountName}</SubmitButton>}
    >
      <p className="text-text-2">
        {invitation.invitedBy ?? "An administrator"} invites {invitation.email} as{" "}
        <strong className="font-medium text-text">{ROLE_WORDS[invitation.role].name.toLowerCase()}</strong>.
      </p>
      {invitation.knownAs === null && (
        <Field form={state.form} name="name" label="Your name" hint="As the others in the account will see it.">
          {(control) => <Input {...control} autoComplete="name" maxLength={100} />}
        </Field>
      )}
    </PageForm>
  );
}
