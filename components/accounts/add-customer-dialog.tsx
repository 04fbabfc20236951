"use client";

import { useRouter } from "next/navigation";

import { DialogForm } from "@/components/record/dialog-form";
import { Field } from "@/components/form/field";
import { useActionForm } from "@/components/record/use-action-form";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import type { Plan } from "@/generated/prisma/enums";
import { addCustomerAction } from "@/lib/accounts/actions";
import { addCustomerInput } from "@/lib/accounts/schema";
import { PlanCards } from "./plan-cards";

interface CustomerValues {
  name: string;
  ownerEmail: string;
  plan: Plan;
}

export function AddCustomerDialog({ accountToken, onClose }: { accountToken: string; onClose: () => void }) {
  const router = useRouter();
  const values: CustomerValues = { name: "", ownerEmail: "", plan: "professional" };
  const state = useActionForm({
    name: "add customer",
    values,
    toInput: (entered) => entered,
    schema: addCustomerInput,
    action: (input, id) => addCustomerAction(accountToken, input, id),
    onDone: ({ name, token }) => {
      toast({ title: `${name} added`, description: "The owner’s invitation is on its way." });
      onClose();
      router.push(`/${accountToken}/customers/${token}`);
    },
  });
  const { form } = state;
  return (
    <DialogForm title="Add a customer" size="small" state={state} saveLabel="Add customer" onClose={onClose}>
      <Field form={form} name="name" label="Name">
        {(control) => <Input {...control} maxLength={100} autoComplete="off" />}
      </Field>
      <Field
        form={form}
        name="ownerEmail"
        label="Owner’s e-mail address"
        hint="They get a link, good for 7 days, and are the account’s first owner. You get no access to its space by this."
      >
        {(control) => <Input {...control} type="email" autoComplete="off" maxLength={254} />}
      </Field>
      <PlanCards form={form} name="plan" />
    </DialogForm>
  );
}
