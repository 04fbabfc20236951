"use client";

import { useState } from "react";

import type { Space } from "@/components/api-keys/space";
import { ConfirmAction } from "@/components/record/confirm-action";
import { outcomeOf } from "@/components/record/outcome";
import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { changeCustomerPlanAction, deactivateCustomerAction, reactivateCustomerAction } from "@/lib/accounts/actions";
import type { CustomerDetails } from "@/lib/accounts/customers";
import type { CustomerVerb } from "@/lib/accounts/policy";

const ChangePlanDialog = lazyDialog(() => import("./change-plan-dialog").then((module) => module.ChangePlanDialog));
const InviteOwnerDialog = lazyDialog(() => import("./invite-owner-dialog").then((module) => module.InviteOwnerDialog));

export interface CustomerActionsProps {
  /** The partner's. */
  readonly space: Space;
  readonly customer: Pick<CustomerDetails, "name" | "token" | "plan" | "invitedOwners" | "verbs">;
}

const LABELS: Readonly<Record<CustomerVerb, string>> = {
  changePlan: "Change plan",
  deactivate: "Deactivate",
  reactivate: "Reactivate",
  inviteOwner: "Invite an owner",
};

const TURNS = {
  deactivate: {
    consequence:
      "Every API request for it fails at once, with its own keys and with yours. Its people can still sign in, and nothing is deleted: you can reactivate it at any time.",
    done: "deactivated",
    tone: "danger",
    act: deactivateCustomerAction,
  },
  reactivate: {
    consequence: "The API answers for it again at once, with every key that is still valid.",
    done: "reactivated",
    tone: "primary",
    act: reactivateCustomerAction,
  },
} as const;

/** What the partner's owner may do with this customer. */
export function CustomerActions({ space, customer }: CustomerActionsProps) {
  const accountToken = space.token;
  const [chosen, setChosen] = useState<CustomerVerb | null>(null);
  const close = () => setChosen(null);
  if (customer.verbs.length === 0) return null;
  return (
    <>
      {customer.verbs.map((verb) => (
        <Button key={verb} onClick={() => setChosen(verb)}>
          {LABELS[verb]}
        </Button>
      ))}
      {chosen === "changePlan" && (
        <ChangePlanDialog
          name={customer.name}
          plan={customer.plan}
          change={(plan) => changeCustomerPlanAction(accountToken, { customer: customer.token, plan })}
          onClose={close}
        />
      )}
      {chosen === "inviteOwner" && <InviteOwnerDialog space={space} customer={customer} onClose={close} />}
      {(chosen === "deactivate" || chosen === "reactivate") && (
        <ConfirmAction
          title={`${LABELS[chosen]} ${customer.name}?`}
          consequence={TURNS[chosen].consequence}
          confirmLabel={`${LABELS[chosen]} customer`}
          cancelLabel="Cancel"
          tone={TURNS[chosen].tone}
          perform={() =>
            outcomeOf(TURNS[chosen].act(accountToken, { customer: customer.token }), ({ name }) => ({
              title: `${name} ${TURNS[chosen].done}`,
            }))
          }
          onClose={close}
        />
      )}
    </>
  );
}
