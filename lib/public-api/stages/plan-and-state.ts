import { requireApiAccess } from "@/lib/auth/rights";
import type { Addressed } from "./account";

export interface Entitled extends Addressed {
  readonly hasApiAccess: true;
}

/** API access needs a plan that includes it and an account that is not suspended or canceled. */
export function checkPlanAndState(addressed: Addressed): Entitled {
  requireApiAccess(addressed.account);
  return { ...addressed, hasApiAccess: true };
}
