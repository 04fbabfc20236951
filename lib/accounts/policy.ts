import type { AccountStatus, Plan } from "@/generated/prisma/enums";

/** *When* an account may be changed, and what its plan includes. Pure; *who* stands in lib/auth/permissions.ts. */

export const ACCOUNT_STATUSES = ["active", "trial", "past_due", "suspended", "canceled"] as const;
export const PLANS = ["starter", "professional", "premium"] as const;

const NOT_CANCELED = ["active", "trial", "past_due", "suspended"] as const;

/** What a partner's owner can do with a customer: on which statuses, and which event it leaves. */
export const CUSTOMER_VERBS = {
  changePlan: { on: ACCOUNT_STATUSES, event: "account.planChanged" },
  deactivate: { on: NOT_CANCELED, event: "account.deactivated" },
  reactivate: { on: ["canceled"], event: "account.reactivated" },
  /** Only while it has none. */
  inviteOwner: { on: ACCOUNT_STATUSES, event: "invitation.created" },
} as const;

export type CustomerVerb = keyof typeof CUSTOMER_VERBS;

export function allowsCustomerVerb(verb: CustomerVerb, status: AccountStatus): boolean {
  return (CUSTOMER_VERBS[verb].on as readonly AccountStatus[]).includes(status);
}

/** What a customer's page offers; nothing to whoever may not manage customers. */
export function customerVerbs(
  { status, hasOwner }: { readonly status: AccountStatus; readonly hasOwner: boolean },
  mayManage: boolean,
): CustomerVerb[] {
  if (!mayManage) return [];
  return (Object.keys(CUSTOMER_VERBS) as CustomerVerb[]).filter(
    (verb) => allowsCustomerVerb(verb, status) && !(verb === "inviteOwner" && hasOwner),
  );
}

/** Whether the API answers for an account on this plan. */
export function includesApi(plan: Plan): boolean {
  return plan !== "starter";
}
