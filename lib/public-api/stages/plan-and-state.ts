import { requireApiAccess } from "@/lib/auth/rights";
import type { Addressed } from "./account";

declare const entitled: unique symbol;

export interface Entitled extends Addressed {
  readonly [entitled]: true;
}

/** API access needs a plan that includes it and an account that is not suspended or canceled. */
export function checkPlanAndState(addressed: Addressed): Entitled {
  requireApiAccess(addressed.account);
  return addressed as Entitled;
}
