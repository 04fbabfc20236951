"use client";

import type { Space } from "@/components/api-keys/space";
import { DialogForm } from "@/components/record/dialog-form";
import { Field } from "@/components/form/field";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import type { CustomerDetails } from "@/lib/accounts/list-customers";
import { inviteOwnerAction } from "@/lib/members/actions";

export interface InviteOwnerDialogProps {
  /** The partner's. */
  readonly space: Space;
  readonly customer: Pick<CustomerDetails, "name" | "token" | "invitedOwners">;
  readonly onClose: () => void;
}

/** Invites the first owner of a customer that has none: anew where the invitation before led to nothing. */
export function InviteOwnerDialog({ space, customer, onClose }: InviteOwnerDialogProps) {
  const [before] = customer.invitedOwners;
  const state = useActionForm({
    name: `owner of ${customer.token}`,
    values: { email: before?.email ?? "" },
    toInput: ({ email }) => ({ customer: customer.token, email }),
    action: (input, id) => inviteOwnerAction(space.token, input, id),
    onDone: ({ email }) => {
      toast({ title: `${email} invited`, description: "The mail is on its way." });
      onClose();
    },
  });
  return (
    <DialogForm
      title={`Invite an owner of ${customer.name}`}
      size="small"
      state={state}
      saveLabel="Send invitation"
      signIn={
        <FreshSignInPanel space={space} next={`/${space.token}/customers/${customer.token}`} button="Send invitation" />
      }
      onClose={onClose}
    >
      <Field
        form={state.form}
        name="email"
        label="Owner’s e-mail address"
        hint={`They get a link, good for 7 days. ${before ? `The one that ${before.email} got opens nothing from then on. ` : ""}You get no access to its space by this.`}
      >
        {(control) => <Input {...control} type="email" autoComplete="off" maxLength={254} />}
      </Field>
    </DialogForm>
  );
}
