"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { Plan } from "@/generated/prisma/enums";
import { changePlanAction } from "@/lib/accounts/actions";

const ChangePlanDialog = lazyDialog(() => import("./change-plan-dialog").then((module) => module.ChangePlanDialog));

export interface ChangeOwnPlanProps {
  readonly account: { readonly token: string; readonly name: string; readonly plan: Plan };
}

/** For a customer's owner. */
export function ChangeOwnPlan({ account }: ChangeOwnPlanProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Change plan</Button>
      {open && (
        <ChangePlanDialog
          name={account.name}
          plan={account.plan}
          change={(plan, submissionId) => changePlanAction(account.token, { plan }, submissionId)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
