"use client";

import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";

import { RadioCards } from "@/components/form/radio-cards";
import { PLANS } from "@/lib/accounts/policy";
import { PLAN_WORDS } from "./account-words";

export function PlanCards<Values extends FieldValues>({
  form,
  name,
}: {
  form: UseFormReturn<Values, unknown, unknown>;
  name: FieldPath<Values>;
}) {
  const options = PLANS.map((value) => ({ value, label: PLAN_WORDS[value].name, hint: PLAN_WORDS[value].includes }));
  return <RadioCards form={form} name={name} legend="Plan" options={options} />;
}
