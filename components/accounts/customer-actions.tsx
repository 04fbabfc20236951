"use client";

import { Gauge, Power, PowerOff, UserPlus } from "lucide-react";

import type { Space } from "@/components/api-keys/space";
import { outcomeOf } from "@/components/record/outcome";
import { useVerbs, type VerbLooks } from "@/components/record/verbs";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { changeCustomerPlanAction, deactivateCustomerAction, reactivateCustomerAction } from "@/lib/accounts/actions";
import type { CustomerDetails } from "@/lib/accounts/list-customers";
import type { CustomerVerb } from "@/lib/accounts/policy";

const ChangePlanDialog = lazyDialog(() => import("./change-plan-dialog").then((module) => module.ChangePlanDialog));
const InviteOwnerDialog = lazyDialog(() => import("./invite-owner-dialog").then((module) => module.InviteOwnerDialog));

type Customer = Pick<CustomerDetails, "name" | "token" | "plan" | "invitedOwners" | "verbs">;

export interface CustomerActionsProps {
  /** The partner's. */
  readonly space: Space;
  readonly customer: Customer;
}

const TURNS = {
  deactivate: {
    label: "Deactivate",
    icon: PowerOff,
    tone: "danger",
    consequence:
      "Every API request for it fails at once, with its own keys and with yours. Its people can still sign in, and nothing is deleted: you can reactivate it at any time.",
    done: "deactivated",
    act: deactivateCustomerAction,
  },
  reactivate: {
    label: "Reactivate",
    icon: Power,
    consequence: "The API answers for it again at once, with every key that is still valid.",
    done: "reactivated",
    act: reactivateCustomerAction,
  },
} as const;

function turning(accountToken: string, verb: keyof typeof TURNS) {
  const { consequence, done, act, ...look } = TURNS[verb];
  return {
    ...look,
    kind: "confirm" as const,
    ask: (customer: Customer) => ({
      title: `${look.label} ${customer.name}?`,
      consequence,
      confirmLabel: `${look.label} customer`,
      cancelLabel: "Cancel",
      perform: () =>
        outcomeOf(act(accountToken, { customer: customer.token }), ({ name }) => ({ title: `${name} ${done}` })),
    }),
  };
}

/** What the partner's owner may do with this customer. */
export function CustomerActions({ space, customer }: CustomerActionsProps) {
  const looks: VerbLooks<CustomerVerb, Customer> = {
    changePlan: {
      kind: "dialog",
      label: "Change plan",
      icon: Gauge,
      dialog: ({ name, token, plan: current }, onClose) => (
        <ChangePlanDialog
          name={name}
          plan={current}
          change={(plan, submissionId) =>
            changeCustomerPlanAction(space.token, { customer: token, plan }, submissionId)
          }
          onClose={onClose}
        />
      ),
    },
    deactivate: turning(space.token, "deactivate"),
    reactivate: turning(space.token, "reactivate"),
    inviteOwner: {
      kind: "dialog",
      label: "Invite an owner",
      icon: UserPlus,
      dialog: (chosen, onClose) => <InviteOwnerDialog space={space} customer={chosen} onClose={onClose} />,
    },
  };
  const verbs = useVerbs(looks, ({ name }) => name);
  return (
    <>
      {verbs.pageActions(customer, customer.verbs)}
      {verbs.dialog}
    </>
  );
}
