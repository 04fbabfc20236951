"use client";

import { DialogForm } from "@/components/record/dialog-form";
import { Field } from "@/components/form/field";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/entry/action";
import { changeRoleAction, inviteMemberAction } from "@/lib/members/actions";
import type { MemberRow } from "@/lib/members/queries";
import type { InviteMemberProps } from "./invite-member";
import { chosenCustomers, RoleFields, type RoleValues } from "./role-fields";

export interface RoleDialogProps extends InviteMemberProps {
  /** Whose role is changed; null = somebody is invited. */
  readonly member: MemberRow | null;
  readonly onClose: () => void;
}

function useRole({ space, member, onClose }: RoleDialogProps) {
  const isPartner = space.kind === "partner";
  const values: RoleValues = {
    email: "",
    role: member?.role ?? "member",
    reach: member?.customers || space.viewer.limited ? "chosen" : "all",
    customers: member?.customers?.map((customer) => customer.token) ?? [],
  };
  return useActionForm({
    name: `role ${member?.membershipId ?? "new"}`,
    values,
    toInput: ({ email, role, ...reach }) => ({
      email,
      role,
      customers: chosenCustomers({ role, ...reach }, isPartner),
    }),
    action: ({ email, ...granted }, id): Promise<ActionResult<unknown>> =>
      member
        ? changeRoleAction(space.token, { membershipId: member.membershipId, ...granted }, id)
        : inviteMemberAction(space.token, { email, ...granted }, id),
    onDone: (_, { email }) => {
      toast(
        member
          ? { title: `${member.name}’s role changed`, description: "It counts from the next request on." }
          : { title: `${email} invited`, description: "The mail is on its way." },
      );
      onClose();
    },
  });
}

/** Invites somebody, or changes what somebody may do. */
export function RoleDialog(props: RoleDialogProps) {
  const { space, member, viewerRole, customers, onClose } = props;
  const state = useRole(props);
  const { form } = state;
  return (
    <DialogForm
      title={member ? `Change ${member.name}’s role` : "Invite a person"}
      size="small"
      state={state}
      saveLabel={member ? "Save" : "Send invitation"}
      signIn={
        <FreshSignInPanel space={space} next={`/${space.token}/members`} button={member ? "Save" : "Send invitation"} />
      }
      onClose={onClose}
    >
      {member === null && (
        <Field
          form={form}
          name="email"
          label="E-mail address"
          hint="They get a link, good for 7 days, and choose their name."
        >
          {(control) => <Input {...control} type="email" autoComplete="off" maxLength={254} />}
        </Field>
      )}
      <RoleFields
        form={form}
        viewerRole={viewerRole}
        isPartner={space.kind === "partner"}
        limited={space.viewer.limited}
        customers={customers}
      />
    </DialogForm>
  );
}
