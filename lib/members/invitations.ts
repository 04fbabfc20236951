import "server-only";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { lockRights } from "@/lib/auth/rights-again";
import { INVITER_LOCK } from "@/lib/platform/advisory-locks";
import { DomainError } from "@/lib/platform/errors";
import { changerOf, refuseGrant, resolveLimit } from "./changer";
import { hashInvitationToken } from "./invitation-token";
import { INVITED_BY, stands, type InvitedBy } from "./lapse-invitations";
import { covers, INVITATION_DAYS, INVITATION_LIMITS, mayGrant, reachedInvitationLimit } from "./policy";
import type { AcceptInvitationInput, InvitationInput, InviteMemberInput } from "./schema";

const DAY_MS = 86_400_000;

type Inviter = Permit<"members.invite">;

function queueMail(tx: Tx, invitationId: number): Promise<number> {
  return tx.$executeRaw`SELECT graphile_worker.add_job('invitations.send', ${JSON.stringify({ invitationId })}::json)`;
}

/**
 * Counts what the person had mailed in any account; asked before any row is locked.
 * @throws DomainError too_many_requests
 */
async function requireWithinLimits(tx: Tx, permit: Inviter, now: Date): Promise<void> {
  const { userId } = changerOf(permit);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${INVITER_LOCK}::int, ${userId}::int)`;
  const most = Math.max(...INVITATION_LIMITS.map((limit) => limit.most));
  const hours = Math.max(...INVITATION_LIMITS.map((limit) => limit.hours));
  // An invitation that came with a customer says nothing of customers.
  const sent = await tx.$queryRaw<{ at: Date }[]>`
    SELECT occurred_at AS at FROM audit_entries
    WHERE account_id IN (SELECT account_id FROM memberships WHERE user_id = ${userId})
      AND actor_kind = 'user' AND COALESCE(actor_id, 0) = ${userId}
      AND (action = 'invitation.resent' OR action = 'invitation.created' AND after -> 'customers' IS NOT NULL)
      AND occurred_at > ${now}::timestamptz - make_interval(hours => ${hours}::int)
    ORDER BY occurred_at DESC LIMIT ${most}`;
  const reached = reachedInvitationLimit(
    sent.map(({ at }) => at),
    now,
  );
  if (reached === null) return;
  const minutes = `${reached.minutes} ${reached.minutes === 1 ? "minute" : "minutes"}`;
  throw new DomainError(
    "too_many_requests",
    `You have sent ${reached.most} invitations within ${reached.within}, the most that one person may. Nobody was invited now; go on in ${minutes}.`,
  );
}

/** Invites a person by e-mail. @throws DomainError forbidden, conflict, invalid_input, too_many_requests */
export function inviteMember(permit: Inviter, input: InviteMemberInput): Promise<{ email: string }> {
  return mutate(permit, async (tx, now) => {
    const { account } = permit;
    const { email, role } = input;
    await requireWithinLimits(tx, permit, now);
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

/** One that reaches further than the viewer is like one that does not exist. */
function noSuchInvitation(): DomainError {
  return new DomainError("not_found", "There is no such invitation in this account.");
}

async function findPending(tx: Tx, permit: Inviter | Permit<"members.manage">, id: number) {
  const invitation = await tx.invitation.findFirst({
    where: { id, accountId: permit.account.id },
    select: { id: true, email: true, role: true, limited: true, customerIds: true },
  });
  if (!invitation) throw noSuchInvitation();
  const facts = { role: invitation.role, customerIds: invitation.limited ? invitation.customerIds : null };
  if (!covers(changerOf(permit).customerLimit, facts.customerIds)) throw noSuchInvitation();
  if (!mayGrant(changerOf(permit), facts)) throw refuseGrant(changerOf(permit), invitation.role);
  return invitation;
}

const NOT_PENDING = "This invitation was accepted or withdrawn already. Nothing was changed.";

/** Mails a new link; the one before stops working. @throws DomainError not_found, conflict, forbidden, too_many_requests */
export function resendInvitation(permit: Inviter, input: InvitationInput): Promise<{ email: string }> {
  return mutate(permit, async (tx, now) => {
    await requireWithinLimits(tx, permit, now);
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
 * Uses an open invitation up, while nobody else changes the people it adds to.
 * @throws DomainError not_found where it was used, withdrawn or has expired, or could not be made any more
 */
async function takeInvitation(tx: Tx, token: string) {
  const tokenHash = hashInvitationToken(token);
  const meant = await tx.invitation.findUnique({ where: { tokenHash }, select: { accountId: true } });
  if (meant) await lockRights(tx, meant.accountId, "changerOfPeople");
  const [taken] = await tx.$queryRaw<{ id: number }[]>`
    UPDATE invitations SET accepted_at = clock_timestamp()
    WHERE token_hash = ${tokenHash} AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > clock_timestamp()
    RETURNING id`;
  const [by] = taken
    ? await tx.$queryRaw<InvitedBy[]>`SELECT ${INVITED_BY.select} FROM ${INVITED_BY.source} WHERE i.id = ${taken.id}`
    : [];
  if (!taken || !by || !stands(by))
    throw new DomainError("not_found", "This invitation was used, withdrawn or has expired. Ask for a new one.");
  return tx.invitation.findUniqueOrThrow({
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
    const invitation = await takeInvitation(tx, input.token);
    const { accountId, email, role, limited, customerIds, account } = invitation;
    const user = await tx.user.upsert({
      where: { email },
      // The start leads there, in whatever browser the link is opened.
      create: { email, name: input.name, createdAt: now, lastAccountId: accountId },
      update: { lastAccountId: accountId },
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
    await tx.$executeRaw`SELECT graphile_worker.add_job('signIn.sendLink', ${JSON.stringify({ email, next: null })}::json)`;
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
