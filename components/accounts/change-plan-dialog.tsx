"use client";

import { useWatch } from "react-hook-form";

import { DialogForm } from "@/components/record/dialog-form";
import { useActionForm } from "@/components/record/use-action-form";
import { Notice } from "@/components/ui/notice";
import { toast } from "@/components/ui/toaster";
import type { Plan } from "@/generated/prisma/enums";
import { includesApi } from "@/lib/accounts/policy";
import type { ActionResult } from "@/lib/entry/action";
import { PLAN_WORDS } from "./account-words";
import { PlanCards } from "./plan-cards";

export interface ChangePlanDialogProps {
  readonly name: string;
  readonly plan: Plan;
  readonly change: (plan: Plan, submissionId: string) => Promise<ActionResult<unknown>>;
  readonly onClose: () => void;
}

/** What the choice does to the API, said before it happens. */
function consequenceOf(from: Plan, to: Plan): string | null {
  if (includesApi(from) && !includesApi(to)) {
    return "Every API request for this account fails at once, with its own keys and with its partner’s. The keys stay, and work again when the plan includes the API.";
  }
  return !includesApi(from) && includesApi(to) ? "The API answers for this account at once." : null;
}

export function ChangePlanDialog({ name, plan, change, onClose }: ChangePlanDialogProps) {
  const state = useActionForm({
    name: `plan of ${name}`,
    values: { plan },
    toInput: (values) => values,
    action: (values, id) => change(values.plan, id),
    onDone: (_, values) => {
      toast({ title: `${name} is on the ${PLAN_WORDS[values.plan].name} plan` });
      onClose();
    },
  });
  const consequence = consequenceOf(plan, useWatch({ control: state.form.control, name: "plan" }));
  return (
    <DialogForm
      title={`Change the plan of ${name}`}
      size="small"
      state={state}
      saveLabel="Change plan"
      onClose={onClose}
    >
      <PlanCards form={state.form} name="plan" />
      <div role="status">{consequence && <Notice tone="warn">{consequence}</Notice>}</div>
    </DialogForm>
  );
}
