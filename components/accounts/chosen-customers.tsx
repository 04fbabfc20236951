"use client";

import type { FieldPath, UseFormReturn } from "react-hook-form";

import { CheckboxGroup } from "@/components/form/checkbox-group";

interface ChosenCustomersProps<Values extends { customers: string[] }> {
  readonly form: UseFormReturn<Values>;
  /** Those to choose from. */
  readonly customers: readonly { readonly name: string; readonly token: string }[];
}

/** Which of a partner's customers, by their account tokens. */
export function ChosenCustomers<Values extends { customers: string[] }>({
  form,
  customers,
}: ChosenCustomersProps<Values>) {
  return (
    <CheckboxGroup
      form={form}
      name={"customers" as FieldPath<Values>}
      legend="Chosen customers"
      scroll
      options={customers.map((customer) => ({ value: customer.token, label: customer.name }))}
    />
  );
}
