import "server-only";

import type { DomainEvent } from "@/lib/audit-log/events";
import type { Tx } from "@/lib/audit-log/mutate";
import type { Role } from "@/lib/auth/permissions";
import { CUSTOMER_LIMIT } from "@/lib/auth/rights";
import { Prisma } from "@/lib/platform/database/db";
import { couldInvite } from "./policy";

/** An invitation and what may do now who made it. */
export interface InvitedBy {
  readonly role: Role;
  /** The customers that it is limited to; null = not limited. */
  readonly customerIds: readonly number[] | null;
  readonly inviterRole: Role | null;
  readonly inviterLimit: readonly number[] | null;
  /** The account is a customer without an owner, whose partner he owns. */
  readonly mayInviteFirst: boolean;
}

/** Of `source`; what follows says of which. */
export const INVITED_BY = {
  select: Prisma.sql`i.role::text AS role, CASE WHEN i.limited THEN i.customer_ids END AS "customerIds",
    m.role::text AS "inviterRole", ${CUSTOMER_LIMIT} AS "inviterLimit",
    COALESCE(p.role = 'owner', false) AND NOT EXISTS (
      SELECT FROM memberships o WHERE o.account_id = i.account_id AND o.role = 'owner') AS "mayInviteFirst"`,
  source: Prisma.sql`invitations i JOIN accounts a ON a.id = i.account_id
    LEFT JOIN memberships m ON m.account_id = i.account_id AND m.user_id = i.invited_by_id
    LEFT JOIN memberships p ON p.account_id = a.partner_id AND p.user_id = i.invited_by_id`,
};

/** Whether who made it could make it now. */
export function stands({ role, customerIds, inviterRole, inviterLimit, mayInviteFirst }: InvitedBy): boolean {
  const inviter = inviterRole === null ? null : { role: inviterRole, customerLimit: inviterLimit };
  return couldInvite(inviter, mayInviteFirst, { role, customerIds });
}

/**
 * What somebody invited and could not invite now lapses, in the transaction that took the right from him: here, and
 * of a partner also the first owners of its customers. So does what he himself was invited to here besides: accepted,
 * it would give back what was taken. Called after his membership was changed.
 */
export async function lapseInvitations(
  tx: Tx,
  { accountId, userId }: { readonly accountId: number; readonly userId: number },
): Promise<DomainEvent[]> {
  const pending = await tx.$queryRaw<(InvitedBy & { id: number; isHis: boolean })[]>`
    SELECT i.id, i.account_id = ${accountId} AND i.email = u.email AS "isHis", ${INVITED_BY.select}
    FROM ${INVITED_BY.source} JOIN users u ON u.id = ${userId}
    WHERE i.accepted_at IS NULL AND i.withdrawn_at IS NULL
      AND (i.invited_by_id = u.id AND (i.account_id = ${accountId} OR a.partner_id = ${accountId})
        OR i.account_id = ${accountId} AND i.email = u.email)`;
  const lapsing = pending.filter((invitation) => invitation.isHis || !stands(invitation)).map(({ id }) => id);
  const his = new Set(pending.filter(({ isHis }) => isHis).map(({ id }) => id));
  if (lapsing.length === 0) return [];
  const lapsed = await tx.$queryRaw<{ id: number; accountId: number; email: string }[]>`
    UPDATE invitations SET withdrawn_at = clock_timestamp(), token_hash = NULL
    WHERE id IN (${Prisma.join(lapsing)}) AND accepted_at IS NULL AND withdrawn_at IS NULL
    RETURNING id, account_id AS "accountId", email`;
  return lapsed.map(({ id, accountId: where, email }) => ({
    name: "invitation.withdrawn",
    accountId: where,
    record: { type: "invitation", id, name: email },
    after: { reason: his.has(id) ? "replaced" : "inviter_lost_right" },
  }));
}
