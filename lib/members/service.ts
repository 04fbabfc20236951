import "server-only";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Role } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { DomainError } from "@/lib/platform/errors";
import { hashInvitationToken } from "./invitation-token";
import { INVITATION_DAYS, leavesNoOwner, mayGrant, mayTouch, type Changer } from "./policy";
import type { AcceptInvitationInput, ChangeRoleInput, InvitationInput, InviteMemberInput, MemberInput } from "./schema";

type Manager = Permit<"members.manage" | "members.changeRole" | "members.leave">;

const DAY_MS = 86_400_000;

function changerOf(permit: Manager): Changer & { userId: number } {
  const { actor } = permit;
  if (actor.kind !== "user") throw new Error("only people manage members");
  return { userId: actor.userId, role: actor.role, customerLimit: actor.customerLimit };
}

/** Puts the account's changes of people in line: the last owner must not leave twice at the same instant. */
async function lockPeople(tx: Tx, accountId: number): Promise<void> {
  await tx.$queryRaw`SELECT id FROM accounts WHERE id = ${accountId} FOR NO KEY UPDATE`;
}

/** The chosen customers' ids; null = not limited. Only a partner's administrators and members can be limited. */
async function resolveLimit(
  tx: Tx,
  permit: Manager,
  role: Role,
  tokens: readonly string[] | null,
): Promise<number[] | null> {
  if (tokens === null) return null;
  if (role === "owner") throw refuseField("customers", "An owner cannot be limited to some customers.");
  const found = await tx.account.findMany({
    where: { token: { in: [...tokens] }, partnerId: permit.account.id },
    select: { id: true },
  });
  if (found.length !== new Set(tokens).size) {
    throw refuseField("customers", "One of the chosen customers is no longer yours. Choose again.");
  }
  return found.map((customer) => customer.id);
}

function refuseField(field: string, message: string): DomainError {
  return new DomainError("invalid_input", message, { [field]: [message] });
}

function refuseGrant(changer: Changer, role: Role): DomainError {
  const message =
    role === "owner" && changer.role !== "owner"
      ? "Only an owner makes owners."
      : "You can grant only the customers that you look after. Choose some of them.";
  return new DomainError("forbidden", message, { role: [message] });
}

function queueMail(tx: Tx, invitationId: number): Promise<number> {
  return tx.$executeRaw`SELECT graphile_worker.add_job('invitations.send', ${JSON.stringify({ invitationId })}::json)`;
}

/** Invites a person by e-mail. @throws DomainError forbidden, conflict, invalid_input */
export function inviteMember(permit: Permit<"members.manage">, input: InviteMemberInput): Promise<{ email: string }> {
  return mutate(permit, async (tx, now) => {
    const { account } = permit;
    const { email, role } = input;
    await lockPeople(tx, account.id);
    const customerIds = await resolveLimit(tx, permit, role, input.customers);
    const changer = changerOf(permit);
    if (!mayGrant(changer, { role, customerIds })) throw refuseGrant(changer, role);
    const member = await tx.membership.findFirst({
      where: { accountId: account.id, user: { email } },
      select: { id: true },
    });
    if (member)
      throw new DomainError("conflict", `${email} is a member already.`, {
        email: ["This person is a member already."],
      });
    const pending = { accountId: account.id, email, acceptedAt: null, withdrawnAt: null };
    if (await tx.invitation.findFirst({ where: pending, select: { id: true } })) {
      const message = "This address has an invitation already. Resend or withdraw that one.";
      throw new DomainError("conflict", message, { email: [message] });
    }
    const invitation = await tx.invitation.create({
      data: {
        accountId: account.id,
        email,
        role,
        limited: customerIds !== null,
        customerIds: customerIds ?? [],
        invitedById: changer.userId,
        createdAt: now,
        expiresAt: new Date(now.getTime() + INVITATION_DAYS * DAY_MS),
      },
      select: { id: true },
    });
    await queueMail(tx, invitation.id);
    const record = { type: "invitation" as const, id: invitation.id, name: email };
    return {
      result: { email },
      events: [{ name: "invitation.created", record, after: { role, customers: input.customers ?? "all" } }],
    };
  });
}

async function findPending(tx: Tx, permit: Permit<"members.manage">, id: number) {
  const invitation = await tx.invitation.findFirst({
    where: { id, accountId: permit.account.id },
    select: { id: true, email: true, role: true, limited: true, customerIds: true },
  });
  if (!invitation) throw new DomainError("not_found", "There is no such invitation in this account.");
  const facts = { role: invitation.role, customerIds: invitation.limited ? invitation.customerIds : null };
  if (!mayGrant(changerOf(permit), facts)) throw refuseGrant(changerOf(permit), invitation.role);
  return invitation;
}

const NOT_PENDING = "This invitation was accepted or withdrawn already. Nothing was changed.";

/** Mails a new link; the one before stops working. @throws DomainError not_found, conflict, forbidden */
export function resendInvitation(permit: Permit<"members.manage">, input: InvitationInput): Promise<{ email: string }> {
  return mutate(permit, async (tx, now) => {
    const { id, email } = await findPending(tx, permit, input.id);
    const changed = await tx.invitation.updateMany({
      where: { id, accountId: permit.account.id, acceptedAt: null, withdrawnAt: null },
      data: { tokenHash: null, expiresAt: new Date(now.getTime() + INVITATION_DAYS * DAY_MS) },
    });
    if (changed.count === 0) throw new DomainError("conflict", NOT_PENDING);
    await queueMail(tx, id);
    return {
      result: { email },
      events: [{ name: "invitation.resent", record: { type: "invitation", id, name: email } }],
    };
  });
}

/** Its link stops working. @throws DomainError not_found, conflict, forbidden */
export function withdrawInvitation(
  permit: Permit<"members.manage">,
  input: InvitationInput,
): Promise<{ email: string }> {
  return mutate(permit, async (tx, now) => {
    const { id, email } = await findPending(tx, permit, input.id);
    const changed = await tx.invitation.updateMany({
      where: { id, accountId: permit.account.id, acceptedAt: null, withdrawnAt: null },
      data: { withdrawnAt: now, tokenHash: null },
    });
    if (changed.count === 0) throw new DomainError("conflict", NOT_PENDING);
    return {
      result: { email },
      events: [{ name: "invitation.withdrawn", record: { type: "invitation", id, name: email } }],
    };
  });
}

/**
 * Makes the invited person a member; whoever holds the mailed token has proved the address. A sign-in link is mailed next.
 * @throws DomainError not_found where the link was used, withdrawn or has expired
 */
export function acceptInvitation(
  permit: Permit<"invitations.accept">,
  input: AcceptInvitationInput,
): Promise<{ accountName: string; email: string }> {
  return mutate(permit, async (tx, now) => {
    const tokenHash = hashInvitationToken(input.token);
    const [taken] = await tx.$queryRaw<{ id: number }[]>`
      UPDATE invitations SET accepted_at = clock_timestamp()
      WHERE token_hash = ${tokenHash} AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > clock_timestamp()
      RETURNING id`;
    if (!taken)
      throw new DomainError("not_found", "This invitation was used, withdrawn or has expired. Ask for a new one.");
    const invitation = await tx.invitation.findUniqueOrThrow({
      where: { id: taken.id },
      select: {
        id: true,
        accountId: true,
        email: true,
        role: true,
        limited: true,
        customerIds: true,
        account: { select: { name: true, token: true } },
      },
    });
    const { accountId, email, role, limited, customerIds, account } = invitation;
    const user = await tx.user.upsert({
      where: { email },
      create: { email, name: input.name, createdAt: now },
      update: {},
      select: { id: true, name: true },
    });
    const membership = await tx.membership.upsert({
      where: { userId_accountId: { userId: user.id, accountId } },
      create: {
        userId: user.id,
        accountId,
        role,
        limited,
        createdAt: now,
        customers: { create: customerIds.map((customerId) => ({ accountId: customerId })) },
      },
      update: {},
      select: { id: true },
    });
    const next = `/${account.token}/api-keys`;
    await tx.$executeRaw`SELECT graphile_worker.add_job('signIn.sendLink', ${JSON.stringify({ email, next })}::json)`;
    const event: DomainEvent = {
      name: "membership.created",
      accountId,
      actor: { kind: "self", userId: user.id, name: user.name },
      record: { type: "membership", id: membership.id, name: user.name },
      after: { role, email },
    };
    return { result: { accountName: account.name, email }, events: [event] };
  });
}

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
    await lockPeople(tx, permit.account.id);
    const changer = changerOf(permit);
    const member = await findMembership(tx, permit, input.membershipId);
    if (member.userId === changer.userId)
      throw new DomainError("forbidden", "Nobody changes his own role. Ask another owner or administrator.");
    if (!mayTouch(changer, member.facts))
      throw new DomainError(
        "forbidden",
        "Only an owner, or somebody who sees all that this person sees, can change this role.",
      );
    const customerIds = await resolveLimit(tx, permit, input.role, input.customers);
    if (!mayGrant(changer, { role: input.role, customerIds })) throw refuseGrant(changer, input.role);
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
    const { name } = member.user;
    const before = {
      role: member.role,
      customers: member.facts.customerIds === null ? "all" : member.facts.customerIds.length,
    };
    const after = { role: input.role, customers: customerIds === null ? "all" : customerIds.length };
    return {
      result: { name },
      events: [{ name: "membership.roleChanged", record: { type: "membership", id: member.id, name }, before, after }],
    };
  });
}

/**
 * Takes somebody out, in the transaction of which his keys end: a customer's key acts for its creator, and inviting
 * him again must revive none. A partner's keys go on without him.
 */
async function takeOut(
  tx: Tx,
  permit: Manager,
  member: Awaited<ReturnType<typeof findMembership>>,
  name: "membership.removed" | "membership.left",
) {
  if (leavesNoOwner(member.owners, member.facts, null)) throw new DomainError("conflict", LAST_OWNER);
  const accountId = permit.account.id;
  const ended =
    permit.account.kind === "partner"
      ? []
      : await tx.$queryRaw<{ id: number; name: string }[]>`
          UPDATE api_keys SET revoked_at = clock_timestamp(), revoked_reason = 'owner_left', revision = revision + 1, updated_at = clock_timestamp()
          WHERE account_id = ${accountId} AND created_by_id = ${member.userId} AND revoked_at IS NULL AND expires_at > clock_timestamp()
          RETURNING id, name`;
  await tx.membership.delete({ where: { id: member.id } });
  const left: DomainEvent = {
    name,
    record: { type: "membership", id: member.id, name: member.user.name },
    before: { role: member.role, email: member.user.email },
  };
  const revoked = ended.map((key): DomainEvent => ({
    name: "apiKey.revoked",
    record: { type: "apiKey", ...key },
    after: { reason: "owner_left" },
  }));
  return { result: { name: member.user.name, endedKeys: ended.length }, events: [left, ...revoked] };
}

/** @throws DomainError not_found, forbidden, conflict */
export function removeMember(
  permit: Permit<"members.manage">,
  input: MemberInput,
): Promise<{ name: string; endedKeys: number }> {
  return mutate(permit, async (tx) => {
    await lockPeople(tx, permit.account.id);
    const changer = changerOf(permit);
    const member = await findMembership(tx, permit, input.membershipId);
    if (member.userId === changer.userId) throw new DomainError("conflict", "Use “Leave” to go yourself.");
    if (!mayTouch(changer, member.facts))
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
    await lockPeople(tx, permit.account.id);
    const own = await tx.membership.findUniqueOrThrow({
      where: { userId_accountId: { userId: changerOf(permit).userId, accountId: permit.account.id } },
      select: { id: true },
    });
    return takeOut(tx, permit, await findMembership(tx, permit, own.id), "membership.left");
  });
}
