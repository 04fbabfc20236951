"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";

import { Field } from "@/components/form/field";
import { FormError } from "@/components/form/form-error";
import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { SubmitButton } from "@/components/form/submit-button";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Button } from "@/components/ui/button";
import { Dialog, DIALOG_FORM, DialogBody, DialogFooter, DialogHeader } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import type { ActionError } from "@/lib/entry/action";
import { changeRoleAction, inviteMemberAction } from "@/lib/members/actions";
import type { MemberRow } from "@/lib/members/queries";
import type { InviteMemberProps } from "./invite-member";
import { chosenCustomers, RoleFields, type RoleValues } from "./role-fields";

export interface RoleDialogProps extends InviteMemberProps {
  /** Whose role is changed; null = somebody is invited. */
  readonly member: MemberRow | null;
  readonly onClose: () => void;
}

const NO_ANSWER = "The answer did not arrive. Nothing you entered is lost; try again.";

function useRole({ space, member, onClose }: RoleDialogProps) {
  const [refusal, setRefusal] = useState<Pick<ActionError, "code" | "message"> | null>(null);
  const isPartner = space.kind === "partner";
  const form = useForm<RoleValues>({
    defaultValues: {
      email: "",
      role: member?.role ?? "member",
      reach: member?.customers || space.viewer.limited ? "chosen" : "all",
      customers: member?.customers?.map((customer) => customer.token) ?? [],
    },
  });
  useKeptForm(form, `role ${member?.membershipId ?? "new"}`);
  const submit = form.handleSubmit(async (values) => {
    setRefusal(null);
    const customers = chosenCustomers(values, isPartner);
    const asked = member
      ? changeRoleAction(space.token, { membershipId: member.membershipId, role: values.role, customers })
      : inviteMemberAction(space.token, { email: values.email, role: values.role, customers });
    const answer = await asked.catch(noAnswer);
    if (answer?.ok) {
      toast(
        member
          ? { title: `${member.name}’s role changed`, description: "It counts from the next request on." }
          : { title: `${values.email} invited`, description: "The mail is on its way." },
      );
      return onClose();
    }
    for (const field of ["email", "role", "customers"] as const) {
      const messages = answer?.error.fields[field];
      if (messages) form.setError(field, { message: messages.join(" ") }, { shouldFocus: true });
    }
    setRefusal(answer?.error ?? { code: "unexpected", message: NO_ANSWER });
  });
  return { form, submit, refusal, isPartner };
}

/** Invites somebody, or changes what somebody may do. */
export function RoleDialog(props: RoleDialogProps) {
  const { space, member, viewerRole, customers, onClose } = props;
  const { form, submit, refusal, isPartner } = useRole(props);
  const stale = refusal?.code === "fresh_sign_in_required";
  return (
    <Dialog open onClose={onClose} onCloseRequest={() => !form.formState.isSubmitting} size="small">
      <DialogHeader title={member ? `Change ${member.name}’s role` : "Invite a person"} />
      <form className={DIALOG_FORM} onSubmit={(event) => void submit(event)} noValidate>
        <DialogBody>
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
            isPartner={isPartner}
            limited={space.viewer.limited}
            customers={customers}
          />
          <FormError>{refusal && !stale ? refusal.message : null}</FormError>
          {stale && <FreshSignInPanel space={space} next={`/${space.token}/members`} />}
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton busy={form.formState.isSubmitting}>{member ? "Save" : "Send invitation"}</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
