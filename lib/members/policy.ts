import { ROLES, ruleOf, type Role } from "@/lib/auth/permissions";

/** *When* a membership may be granted or changed. Pure; *who* stands in lib/auth/permissions.ts. */

export const INVITATION_DAYS = 7;

/** Whoever changes others: his role, and the customers a limited one looks after (null = all). */
export interface ActingMember {
  readonly role: Role;
  readonly customerLimit: readonly number[] | null;
}

export interface MembershipFacts {
  readonly role: Role;
  /** The customers it is limited to; null = not limited. */
  readonly customerIds: readonly number[] | null;
}

export function covers(limit: readonly number[] | null, customerIds: readonly number[] | null): boolean {
  if (limit === null) return true;
  return customerIds !== null && customerIds.every((id) => limit.includes(id));
}

/** Only owners make owners; a limited person grants no more than he sees. */
export function mayGrant(actingMember: ActingMember, granted: MembershipFacts): boolean {
  if (granted.role === "owner" && actingMember.role !== "owner") return false;
  return covers(actingMember.customerLimit, granted.customerIds);
}

/**
 * Whether an invitation could be made now by who made it: what he may not grant any more has lapsed. While a customer
 * has no owner, whoever owns its partner invites one (`mayInviteFirst`).
 */
export function couldInvite(inviter: ActingMember | null, mayInviteFirst: boolean, granted: MembershipFacts): boolean {
  if (mayInviteFirst && granted.role === "owner") return true;
  return inviter !== null && ruleOf("members.invite").roles.includes(inviter.role) && mayGrant(inviter, granted);
}

/** What somebody may who accepts what he was granted besides: nothing is taken by it. */
export function widened(held: MembershipFacts, granted: MembershipFacts): MembershipFacts {
  const role = ROLES.find((rank) => rank === held.role || rank === granted.role) ?? held.role;
  if (role === "owner" || held.customerIds === null || granted.customerIds === null) return { role, customerIds: null };
  return { role, customerIds: [...new Set([...held.customerIds, ...granted.customerIds])] };
}

/** As the audit log says it. */
export function sayGrant({ role, customerIds }: MembershipFacts): { role: Role; customers: "all" | number } {
  return { role, customers: customerIds === null ? "all" : customerIds.length };
}

/** How many mails of invitations a person may have sent; the customers that he adds are not counted. */
export const INVITATION_LIMITS = [
  { most: 20, hours: 1, within: "an hour" },
  { most: 200, hours: 24, within: "a day" },
] as const;

const MINUTE_MS = 60_000;

/** Which limit somebody has reached by what he sent (the newest first), and in how many minutes he may go on; null = none. */
export function reachedInvitationLimit(
  sentAt: readonly Date[],
  now: Date,
): { readonly most: number; readonly within: string; readonly minutes: number } | null {
  const reached = INVITATION_LIMITS.flatMap(({ most, hours, within }) => {
    const oldest = sentAt[most - 1];
    const waitMs = oldest === undefined ? 0 : oldest.getTime() + hours * 60 * MINUTE_MS - now.getTime();
    return waitMs > 0 ? [{ most, within, minutes: Math.ceil(waitMs / MINUTE_MS) }] : [];
  });
  return reached.sort((a, b) => b.minutes - a.minutes)[0] ?? null;
}

/** Only owners touch owners; a limited person touches nobody who sees more than he does. */
export function mayTouch(actingMember: ActingMember, target: MembershipFacts): boolean {
  if (target.role === "owner" && actingMember.role !== "owner") return false;
  return covers(actingMember.customerLimit, target.customerIds);
}

/** The last owner cannot leave, be demoted or removed. */
export function leavesNoOwner(ownerCount: number, target: MembershipFacts, newRole: Role | null): boolean {
  return target.role === "owner" && newRole !== "owner" && ownerCount <= 1;
}

export type MemberVerb = "changeRole" | "remove" | "leave";

/** What a row offers: for oneself to leave, for others what one may do with them. */
export function memberVerbs(
  actingMember: ActingMember,
  target: MembershipFacts,
  isSelf: boolean,
  ownerCount: number,
): MemberVerb[] {
  const stuck = leavesNoOwner(ownerCount, target, null);
  if (isSelf) return stuck ? [] : ["leave"];
  if (actingMember.role === "member" || !mayTouch(actingMember, target) || stuck) return [];
  return ["changeRole", "remove"];
}
