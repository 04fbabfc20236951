import "server-only";

import type { DomainEvent } from "@/lib/audit-log/events";
import type { Tx } from "@/lib/audit-log/mutate";

export interface DepartingMember {
  readonly accountId: number;
  readonly userId: number;
  readonly name: string;
}

/** Ends for good the keys that somebody made in a customer's account: they acted for him. */
export async function revokeKeysOf(tx: Tx, { accountId, userId }: DepartingMember): Promise<DomainEvent[]> {
  const ended = await tx.$queryRaw<{ id: number; name: string }[]>`
    UPDATE api_keys SET revoked_at = clock_timestamp(), revoked_reason = 'owner_left', revision = revision + 1, updated_at = clock_timestamp()
    WHERE account_id = ${accountId} AND created_by_id = ${userId} AND revoked_at IS NULL AND expires_at > clock_timestamp()
    RETURNING id, name`;
  return ended.map((key) => ({
    name: "apiKey.revoked",
    record: { type: "apiKey", ...key },
    after: { reason: "owner_left" },
  }));
}

/** The keys that somebody made for a partner go on without him: each leaves an event, of which the owners are told. */
export async function flagKeysOf(tx: Tx, { accountId, userId, name }: DepartingMember): Promise<DomainEvent[]> {
  const left = await tx.$queryRaw<{ id: number; name: string }[]>`
    SELECT id, name FROM api_keys
    WHERE account_id = ${accountId} AND created_by_id = ${userId} AND revoked_at IS NULL AND expires_at > clock_timestamp()
    ORDER BY id`;
  return left.map((key) => ({
    name: "apiKey.flagged",
    record: { type: "apiKey", ...key },
    after: { reason: "creator_left", creator: name },
  }));
}
