"use client";

import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";

import { FormError } from "@/components/form/form-error";
import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { SubmitButton } from "@/components/form/submit-button";
import { Button } from "@/components/ui/button";
import { Dialog, DIALOG_FORM, DialogBody, DialogFooter, DialogHeader } from "@/components/ui/dialog";
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
  readonly change: (plan: Plan) => Promise<ActionResult<unknown>>;
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
  const [refused, setRefused] = useState<string | null>(null);
  const form = useForm<{ plan: Plan }>({ defaultValues: { plan } });
  useKeptForm(form, `plan of ${name}`);
  const consequence = consequenceOf(plan, useWatch({ control: form.control, name: "plan" }));
  const submit = form.handleSubmit(async (values) => {
    setRefused(null);
    const answer = await change(values.plan).catch(noAnswer);
    if (!answer?.ok)
      return setRefused(answer?.error.message ?? "The answer did not arrive. Reload the page to see the plan.");
    toast({ title: `${name} is on the ${PLAN_WORDS[values.plan].name} plan` });
    onClose();
  });
  return (
    <Dialog open onClose={onClose} onCloseRequest={() => !form.formState.isSubmitting} size="small">
      <DialogHeader title={`Change the plan of ${name}`} />
      <form className={DIALOG_FORM} onSubmit={(event) => void submit(event)} noValidate>
        <DialogBody>
          <PlanCards form={form} name="plan" />
          <div role="status">{consequence && <Notice tone="warn">{consequence}</Notice>}</div>
          <FormError>{refused}</FormError>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton busy={form.formState.isSubmitting}>Change plan</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
