"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";

import { DialogForm } from "@/components/form/dialog-form";
import { Field } from "@/components/form/field";
import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
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

/** From the last to the first, which then has the focus. */
const FIELDS = ["plan", "ownerEmail", "name"] as const;

export function AddCustomerDialog({ accountToken, onClose }: { accountToken: string; onClose: () => void }) {
  const router = useRouter();
  const [refused, setRefused] = useState<string | null>(null);
  const form = useForm<CustomerValues>({ defaultValues: { name: "", ownerEmail: "", plan: "professional" } });
  useKeptForm(form, "add customer");
  const point = (complaints: Readonly<Record<string, readonly string[]>>) => {
    for (const field of FIELDS.filter((name) => name in complaints)) {
      form.setError(field, { message: complaints[field]?.join(" ") ?? "" }, { shouldFocus: true });
    }
  };
  const submit = form.handleSubmit(async (values) => {
    setRefused(null);
    const checked = addCustomerInput.safeParse(values);
    if (!checked.success) {
      const complaints: Record<string, string[]> = {};
      for (const { path, message } of checked.error.issues) complaints[String(path[0])] = [message];
      return point(complaints);
    }
    const answer = await addCustomerAction(accountToken, values).catch(noAnswer);
    if (answer?.ok) {
      toast({ title: `${answer.value.name} added`, description: "The owner’s invitation is on its way." });
      onClose();
      return router.push(`/${accountToken}/customers/${answer.value.token}`);
    }
    point(answer?.error.fields ?? {});
    setRefused(answer?.error.message ?? "The answer did not arrive. Look at the list before you try again.");
  });
  return (
    <DialogForm
      title="Add a customer"
      size="small"
      refused={refused}
      busy={form.formState.isSubmitting}
      saveLabel="Add customer"
      onSubmit={(event) => void submit(event)}
      onClose={onClose}
    >
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
