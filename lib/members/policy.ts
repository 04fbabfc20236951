import type { Role } from "@/lib/auth/permissions";

/** *When* a membership may be granted or changed. Pure; *who* stands in lib/auth/permissions.ts. */

export const INVITATION_DAYS = 7;

/** Whoever changes others: his role, and the customers a limited one looks after (null = all). */
export interface Changer {
  readonly role: Role;
  readonly customerLimit: readonly number[] | null;
}

export interface MembershipFacts {
  readonly role: Role;
  /** The customers it is limited to; null = not limited. */
  readonly customerIds: readonly number[] | null;
}

function covers(limit: readonly number[] | null, customerIds: readonly number[] | null): boolean {
  if (limit === null) return true;
  return customerIds !== null && customerIds.every((id) => limit.includes(id));
}

/** Only owners make owners; a limited person grants no more than he sees. */
export function mayGrant(changer: Changer, granted: MembershipFacts): boolean {
  if (granted.role === "owner" && changer.role !== "owner") return false;
  return covers(changer.customerLimit, granted.customerIds);
}

/** Only owners touch owners; a limited person touches nobody who sees more than he does. */
export function mayTouch(changer: Changer, target: MembershipFacts): boolean {
  if (target.role === "owner" && changer.role !== "owner") return false;
  return covers(changer.customerLimit, target.customerIds);
}

/** The last owner cannot leave, be demoted or removed. */
export function leavesNoOwner(ownerCount: number, target: MembershipFacts, newRole: Role | null): boolean {
  return target.role === "owner" && newRole !== "owner" && ownerCount <= 1;
}

export type MemberVerb = "changeRole" | "remove" | "leave";

/** What a row offers: for oneself to leave, for others what one may do with them. */
export function memberVerbs(
  changer: Changer,
  target: MembershipFacts,
  isSelf: boolean,
  ownerCount: number,
): MemberVerb[] {
  const stuck = leavesNoOwner(ownerCount, target, null);
  if (isSelf) return stuck ? [] : ["leave"];
  if (changer.role === "member" || !mayTouch(changer, target) || stuck) return [];
  return ["changeRole", "remove"];
}
