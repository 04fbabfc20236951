import "server-only";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { lockRights } from "@/lib/auth/recheck-rights";
import { DomainError } from "@/lib/platform/errors";
import { queueInvitationMail, requireWithinLimits } from "./queue-invitation-mail";
import { INVITATION_DAYS } from "./policy";
import type { InviteOwnerInput } from "./schema";

const DAY_MS = 86_400_000;

type Inviter = Permit<"customers.inviteOwner">;

/** The partner's customer, whose people nobody else changes meanwhile. @throws DomainError not_found, conflict */
async function holdOwnerless(tx: Tx, permit: Inviter, token: string) {
  const customer = await tx.account.findFirst({
    where: { token, partnerId: permit.account.id },
    select: { id: true, name: true, token: true },
  });
  if (permit.account.kind !== "partner" || !customer)
    throw new DomainError("not_found", "There is no such customer, or it is not yours.");
  await lockRights(tx, customer.id, "changerOfPeople");
  const owner = await tx.membership.findFirst({
    where: { accountId: customer.id, role: "owner" },
    select: { id: true },
  });
  if (owner)
    throw new DomainError("conflict", `${customer.name} has an owner by now, who invites whoever else is to come.`);
  return customer;
}

/** Whatever would let in another owner, or this person as less. */
async function withdrawEarlier(tx: Tx, accountId: number, email: string): Promise<DomainEvent[]> {
  const withdrawn = await tx.$queryRaw<{ id: number; email: string }[]>`
    UPDATE invitations SET withdrawn_at = clock_timestamp(), token_hash = NULL
    WHERE account_id = ${accountId} AND (role = 'owner' OR email = ${email}) AND accepted_at IS NULL AND withdrawn_at IS NULL
    RETURNING id, email`;
  return withdrawn.map(({ id, email: name }) => ({
    name: "invitation.withdrawn",
    accountId,
    record: { type: "invitation", id, name },
    after: { reason: "replaced" },
  }));
}

/**
 * Invites the first owner of a customer that has none: anew where the link that came with the customer has expired, was
 * withdrawn or went to a wrong address. Whatever was sent before opens nothing any more.
 * @throws DomainError not_found, conflict where there is an owner, too_many_requests
 */
export function inviteOwner(permit: Inviter, input: InviteOwnerInput): Promise<{ email: string }> {
  return mutate(permit, async (tx, now) => {
    const { email } = input;
    const customer = await holdOwnerless(tx, permit, input.customer);
    await requireWithinLimits(tx, permit, now);
    const withdrawn = await withdrawEarlier(tx, customer.id, email);
    const { id } = await tx.invitation.create({
      data: {
        accountId: customer.id,
        email,
        role: "owner",
        invitedById: permit.actor.kind === "user" ? permit.actor.userId : null,
        createdAt: now,
        expiresAt: new Date(now.getTime() + INVITATION_DAYS * DAY_MS),
      },
      select: { id: true },
    });
    await queueInvitationMail(tx, id);
    const record = { type: "invitation", id, name: email } as const;
    const inCustomersLog = { role: "owner" };
    // In the partner's it says of whom, and counts among what its people invite.
    const inPartnersLog = { role: "owner", account: customer.token, customers: "all" };
    return {
      result: { email },
      events: [
        ...withdrawn,
        { name: "invitation.created", accountId: customer.id, record, after: inCustomersLog },
        { name: "invitation.created", record, after: inPartnersLog },
      ],
    };
  });
}
