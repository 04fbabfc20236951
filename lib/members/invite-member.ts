import "server-only";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { lockRights } from "@/lib/auth/recheck-rights";
import { DomainError } from "@/lib/platform/errors";
import { actingMemberOf, refuseGrant, resolveLimit } from "./acting-member";
import { hashInvitationToken } from "./invitation-token";
import { INVITED_BY, stands, type InvitedBy } from "./lapse-invitations";
import { queueInvitationMail, requireWithinLimits } from "./queue-invitation-mail";
import { covers, INVITATION_DAYS, mayGrant, sayGrant, widened, type ActingMember } from "./policy";
import type { AcceptInvitationInput, InvitationInput, InviteMemberInput } from "./schema";

const DAY_MS = 86_400_000;

type Inviter = Permit<"members.invite">;

/** Invites a person by e-mail. @throws DomainError forbidden, conflict, invalid_input, too_many_requests */
export function inviteMember(permit: Inviter, input: InviteMemberInput): Promise<{ email: string }> {
  return mutate(permit, async (tx, now) => {
    const { account } = permit;
    const { email, role } = input;
    await requireWithinLimits(tx, permit, now);
    const customerIds = await resolveLimit(tx, permit, role, input.customers);
    const actingMember = actingMemberOf(permit);
    if (!mayGrant(actingMember, { role, customerIds })) throw refuseGrant(actingMember, role);
    const member = await tx.membership.findFirst({
      where: { accountId: account.id, user: { email } },
      select: { id: true },
    });
    if (member)
      throw new DomainError("conflict", `${email} is a member already.`, {
        email: ["This person is a member already."],
      });
    if (await hasPending(tx, { accountId: account.id, email }, actingMember)) {
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
        invitedById: actingMember.userId,
        createdAt: now,
        expiresAt: new Date(now.getTime() + INVITATION_DAYS * DAY_MS),
      },
      select: { id: true },
    });
    await queueInvitationMail(tx, invitation.id);
    const record = { type: "invitation" as const, id: invitation.id, name: email };
    return {
      result: { email },
      events: [{ name: "invitation.created", record, after: { role, customers: input.customers ?? "all" } }],
    };
  });
}

/**
 * Whether the address has an invitation that the viewer may see. One that reaches further is none to him: his own is
 * made beside it, and whichever is accepted second adds to the first.
 */
async function hasPending(
  tx: Tx,
  to: { accountId: number; email: string },
  actingMember: ActingMember,
): Promise<boolean> {
  const pending = await tx.invitation.findMany({
    where: { ...to, acceptedAt: null, withdrawnAt: null },
    select: { limited: true, customerIds: true },
  });
  return pending.some(({ limited, customerIds }) => covers(actingMember.customerLimit, limited ? customerIds : null));
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
  if (!covers(actingMemberOf(permit).customerLimit, facts.customerIds)) throw noSuchInvitation();
  if (!mayGrant(actingMemberOf(permit), facts)) throw refuseGrant(actingMemberOf(permit), invitation.role);
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
    await queueInvitationMail(tx, id);
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

type Taken = Awaited<ReturnType<typeof takeInvitation>>;

/** Makes a membership of what was granted; one that is there is widened by it. */
async function joinAs(
  tx: Tx,
  who: { readonly accountId: number; readonly userId: number },
  { role, limited, customerIds }: Pick<Taken, "role" | "limited" | "customerIds">,
  now: Date,
) {
  const held = await tx.membership.findUnique({
    where: { userId_accountId: who },
    select: { id: true, role: true, limited: true, customers: { select: { accountId: true } } },
  });
  const granted = { role, customerIds: limited ? customerIds : null };
  const customersOf = (ids: readonly number[] | null) => ({
    limited: ids !== null,
    customers: { create: (ids ?? []).map((accountId) => ({ accountId })) },
  });
  if (held === null) {
    const data = { ...who, role, createdAt: now, ...customersOf(granted.customerIds) };
    const { id } = await tx.membership.create({ data, select: { id: true } });
    return { id, name: "membership.created", after: { role } } as const;
  }
  const before = {
    role: held.role,
    customerIds: held.limited ? held.customers.map(({ accountId }) => accountId) : null,
  };
  const after = widened(before, granted);
  await tx.membershipCustomer.deleteMany({ where: { membershipId: held.id } });
  await tx.membership.update({ where: { id: held.id }, data: { role: after.role, ...customersOf(after.customerIds) } });
  return { id: held.id, name: "membership.roleChanged", before: sayGrant(before), after: sayGrant(after) } as const;
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
    const { accountId, email, account } = invitation;
    const user = await tx.user.upsert({
      where: { email },
      // The start leads there, in whatever browser the link is opened.
      create: { email, name: input.name, createdAt: now, lastAccountId: accountId },
      update: { lastAccountId: accountId },
      select: { id: true, name: true },
    });
    const { id, ...facts } = await joinAs(tx, { accountId, userId: user.id }, invitation, now);
    await tx.$executeRaw`SELECT graphile_worker.add_job('signIn.sendLink', ${JSON.stringify({ email })}::json)`;
    const event: DomainEvent = {
      accountId,
      actor: { kind: "self", userId: user.id, name: user.name },
      record: { type: "membership", id, name: user.name },
      ...facts,
      after: { ...facts.after, email },
    };
    return { result: { accountName: account.name, email }, events: [event] };
  });
}
