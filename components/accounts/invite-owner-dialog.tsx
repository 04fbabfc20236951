"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";

import type { Space } from "@/components/api-keys/space";
import { DialogForm } from "@/components/form/dialog-form";
import { Field } from "@/components/form/field";
import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import type { CustomerDetails } from "@/lib/accounts/customers";
import type { ActionError } from "@/lib/entry/action";
import { inviteOwnerAction } from "@/lib/members/actions";

export interface InviteOwnerDialogProps {
  /** The partner's. */
  readonly space: Space;
  readonly customer: Pick<CustomerDetails, "name" | "token" | "invitedOwners">;
  readonly onClose: () => void;
}

const NO_ANSWER = "The answer did not arrive. Reload the page to see who is invited.";

/** Invites the first owner of a customer that has none: anew where the invitation before led to nothing. */
export function InviteOwnerDialog({ space, customer, onClose }: InviteOwnerDialogProps) {
  const [refusal, setRefusal] = useState<Pick<ActionError, "code" | "message"> | null>(null);
  const [before] = customer.invitedOwners;
  const form = useForm({ defaultValues: { email: before?.email ?? "" } });
  useKeptForm(form, `owner of ${customer.token}`);
  const submit = form.handleSubmit(async ({ email }) => {
    setRefusal(null);
    const answer = await inviteOwnerAction(space.token, { customer: customer.token, email }).catch(noAnswer);
    if (answer?.ok) {
      toast({ title: `${answer.value.email} invited`, description: "The mail is on its way." });
      return onClose();
    }
    const messages = answer?.error.fields.email;
    if (messages) form.setError("email", { message: messages.join(" ") }, { shouldFocus: true });
    setRefusal(answer?.error ?? { code: "unexpected", message: NO_ANSWER });
  });
  const stale = refusal?.code === "fresh_sign_in_required";
  return (
    <DialogForm
      title={`Invite an owner of ${customer.name}`}
      size="small"
      refused={refusal && !stale ? refusal.message : null}
      busy={form.formState.isSubmitting}
      saveLabel="Send invitation"
      onSubmit={(event) => void submit(event)}
      onClose={onClose}
    >
      <Field
        form={form}
        name="email"
        label="Owner’s e-mail address"
        hint={`They get a link, good for 7 days. ${before ? `The one that ${before.email} got opens nothing any more. ` : ""}You get no access to its space by this.`}
      >
        {(control) => <Input {...control} type="email" autoComplete="off" maxLength={254} />}
      </Field>
      {stale && (
        <FreshSignInPanel space={space} next={`/${space.token}/customers/${customer.token}`} button="Send invitation" />
      )}
    </DialogForm>
  );
}
