import "server-only";

import type { Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { ADVISORY_LOCKS } from "@/lib/platform/database/advisory-locks";
import { DomainError } from "@/lib/platform/errors";
import { INVITATION_LIMITS, reachedInvitationLimit } from "./policy";

type Inviter = Permit<"members.invite" | "customers.inviteOwner">;

export function queueInvitationMail(tx: Tx, invitationId: number): Promise<number> {
  return tx.$executeRaw`SELECT graphile_worker.add_job('invitations.send', ${JSON.stringify({ invitationId })}::json)`;
}

/**
 * Counts what the person had mailed in any account; asked before any row is locked.
 * @throws DomainError too_many_requests
 */
export async function requireWithinLimits(tx: Tx, permit: Inviter, now: Date): Promise<void> {
  if (permit.actor.kind !== "user") throw new Error("only people invite");
  const { userId } = permit.actor;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.inviter}::int, ${userId}::int)`;
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
