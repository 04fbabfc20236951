import "server-only";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { DomainError } from "@/lib/platform/errors";
import { actingMemberOf, refuseGrant, resolveLimit, type Manager } from "./acting-member";
import { lapseInvitations } from "./lapse-invitations";
import { revokeKeysOf, flagKeysOf } from "./offboard-keys";
import { leavesNoOwner, mayGrant, mayTouch, sayGrant } from "./policy";
import type { ChangeRoleInput, MemberInput } from "./schema";

async function findMembership(tx: Tx, permit: Manager, membershipId: number) {
  const membership = await tx.membership.findFirst({
    where: { id: membershipId, accountId: permit.account.id },
    select: {
      id: true,
      userId: true,
      role: true,
      limited: true,
      user: { select: { name: true, email: true } },
      customers: { select: { accountId: true } },
    },
  });
  if (!membership) throw new DomainError("not_found", "There is no such member in this account.");
  const customerIds = membership.limited ? membership.customers.map((customer) => customer.accountId) : null;
  const owners = await tx.membership.count({ where: { accountId: permit.account.id, role: "owner" } });
  return { ...membership, facts: { role: membership.role, customerIds }, owners };
}

const LAST_OWNER = "An account needs an owner: make somebody else an owner first.";

/** Counts at the person's next request. @throws DomainError not_found, forbidden, conflict, invalid_input */
export function changeRole(permit: Permit<"members.changeRole">, input: ChangeRoleInput): Promise<{ name: string }> {
  return mutate(permit, async (tx) => {
    const actingMember = actingMemberOf(permit);
    const member = await findMembership(tx, permit, input.membershipId);
    if (member.userId === actingMember.userId)
      throw new DomainError("forbidden", "Nobody changes his own role. Ask another owner or administrator.");
    if (!mayTouch(actingMember, member.facts))
      throw new DomainError(
        "forbidden",
        "Only an owner, or somebody who sees all that this person sees, can change this role.",
      );
    const customerIds = await resolveLimit(tx, permit, input.role, input.customers);
    if (!mayGrant(actingMember, { role: input.role, customerIds })) throw refuseGrant(actingMember, input.role);
    if (leavesNoOwner(member.owners, member.facts, input.role)) throw new DomainError("conflict", LAST_OWNER);
    await tx.membershipCustomer.deleteMany({ where: { membershipId: member.id } });
    await tx.membership.update({
      where: { id: member.id },
      data: {
        role: input.role,
        limited: customerIds !== null,
        customers: { create: (customerIds ?? []).map((accountId) => ({ accountId })) },
      },
    });
    const lapsed = await lapseInvitations(tx, { accountId: permit.account.id, userId: member.userId });
    const { name } = member.user;
    const before = sayGrant(member.facts);
    const after = sayGrant({ role: input.role, customerIds });
    return {
      result: { name },
      events: [
        { name: "membership.roleChanged", record: { type: "membership", id: member.id, name }, before, after },
        ...lapsed,
      ],
    };
  });
}

/**
 * Takes somebody out, in the transaction of which his keys end and his invitations lapse: a customer's key acts for its creator, and inviting
 * him again must revive none. A partner's keys go on without him, and its owners are told.
 */
async function takeOut(
  tx: Tx,
  permit: Manager,
  member: Awaited<ReturnType<typeof findMembership>>,
  name: "membership.removed" | "membership.left",
) {
  if (leavesNoOwner(member.owners, member.facts, null)) throw new DomainError("conflict", LAST_OWNER);
  const departing = { accountId: permit.account.id, userId: member.userId, name: member.user.name };
  const isPartner = permit.account.kind === "partner";
  const ofKeys = isPartner ? await flagKeysOf(tx, departing) : await revokeKeysOf(tx, departing);
  await tx.membership.delete({ where: { id: member.id } });
  const lapsed = await lapseInvitations(tx, departing);
  const left: DomainEvent = {
    name,
    record: { type: "membership", id: member.id, name: member.user.name },
    before: { role: member.role, email: member.user.email },
  };
  return {
    result: { name: departing.name, endedKeys: isPartner ? 0 : ofKeys.length },
    events: [left, ...ofKeys, ...lapsed],
  };
}

/** @throws DomainError not_found, forbidden, conflict */
export function removeMember(
  permit: Permit<"members.remove">,
  input: MemberInput,
): Promise<{ name: string; endedKeys: number }> {
  return mutate(permit, async (tx) => {
    const actingMember = actingMemberOf(permit);
    const member = await findMembership(tx, permit, input.membershipId);
    if (member.userId === actingMember.userId) throw new DomainError("conflict", "Use “Leave” to go yourself.");
    if (!mayTouch(actingMember, member.facts))
      throw new DomainError(
        "forbidden",
        "Only an owner, or somebody who sees all that this person sees, can remove this person.",
      );
    return takeOut(tx, permit, member, "membership.removed");
  });
}

/** @throws DomainError conflict for the last owner */
export function leaveAccount(permit: Permit<"members.leave">): Promise<{ name: string; endedKeys: number }> {
  return mutate(permit, async (tx) => {
    const own = await tx.membership.findUniqueOrThrow({
      where: { userId_accountId: { userId: actingMemberOf(permit).userId, accountId: permit.account.id } },
      select: { id: true },
    });
    return takeOut(tx, permit, await findMembership(tx, permit, own.id), "membership.left");
  });
}
