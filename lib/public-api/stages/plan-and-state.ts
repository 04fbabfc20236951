import { DomainError } from "@/lib/platform/errors";
import type { Addressed } from "./account";

export interface Entitled extends Addressed {
  readonly hasApiAccess: true;
}

/** API access needs a plan that includes it and an account that is not suspended or canceled. */
export function checkPlanAndState(addressed: Addressed): Entitled {
  const { plan, status } = addressed.account;
  if (plan === "starter") {
    throw new DomainError(
      "plan_required",
      "The starter plan has no API access. It needs the professional or premium plan.",
    );
  }
  if (status === "suspended" || status === "canceled") {
    throw new DomainError("account_inactive", `This account is ${status}. The API answers again once it is active.`);
  }
  return { ...addressed, hasApiAccess: true };
}
