import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import type { OwnerlessAccount } from "./ownerless-account";

type Runner = Permit<"afterRestore.run">;

/** An account as the database at hand knows it. */
export interface RestoredAccount {
  readonly id: number;
  readonly token: string;
  readonly name: string;
  /** The end of its audit log. */
  readonly head: number;
}

/** The account with this token; null where the database does not know it. */
export async function findRestoredAccount(_permit: Runner, token: string): Promise<RestoredAccount | null> {
  const [account] = await readSql<RestoredAccount>(Prisma.sql`
    SELECT a.id, a.token, a.name, COALESCE(h.sequence, 0)::int AS head
    FROM accounts a LEFT JOIN audit_heads h ON h.account_id = a.id WHERE a.token = ${token}`);
  return account ?? null;
}

/** Those of these accounts that have no owner by what the database says now. */
export function listOwnerless(_permit: Runner, tokens: readonly string[]): Promise<OwnerlessAccount[]> {
  return readSql<OwnerlessAccount>(Prisma.sql`
    SELECT a.token, a.name, a.kind::text AS kind, p.name AS partner FROM accounts a LEFT JOIN accounts p ON p.id = a.partner_id
    WHERE a.token = ANY(${[...tokens]}::text[])
      AND NOT EXISTS (SELECT FROM memberships m WHERE m.account_id = a.id AND m.role = 'owner') ORDER BY a.token`);
}

/** What an earlier run wrote down: it is not done, and not told, a second time. */
export interface EarlierRun {
  readonly at: Date;
  /** Seals of acts. */
  readonly acts: readonly string[];
  readonly lost: { readonly from: number; readonly to: number } | null;
}

export async function listEarlierRuns(_permit: Runner, accountId: number): Promise<EarlierRun[]> {
  const entries = await readSql<{ at: Date; after: Partial<Omit<EarlierRun, "at">> | null }>(Prisma.sql`
    SELECT occurred_at AS at, after FROM audit_entries
    WHERE account_id = ${accountId} AND action = 'account.restored' ORDER BY sequence`);
  return entries.map(({ at, after }) => ({ at, acts: after?.acts ?? [], lost: after?.lost ?? null }));
}

/** Which of these places of an audit log hold what was written there: `sequence:event:time`. */
export async function placesHeld(
  _permit: Runner,
  accountId: number,
  sequences: readonly number[],
): Promise<Set<string>> {
  const entries = await db().auditEntry.findMany({
    where: { accountId, sequence: { in: [...sequences] } },
    select: { sequence: true, action: true, occurredAt: true },
  });
  return new Set(
    entries.map(({ sequence, action, occurredAt }) => `${sequence}:${action}:${occurredAt.toISOString()}`),
  );
}

export interface LiveKey {
  readonly account: string;
  readonly prefix: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Every key that opens something by what the database at hand says. */
export function listLiveKeys(_permit: Runner, { after, limit }: { readonly after: number; readonly limit: number }) {
  return readSql<LiveKey & { id: number }>(Prisma.sql`
    SELECT k.id, a.token AS account, k.prefix, k.name, k.created_at AS "createdAt", k.expires_at AS "expiresAt"
    FROM api_keys k JOIN accounts a ON a.id = k.account_id
    WHERE k.id > ${after} AND k.revoked_at IS NULL AND k.expires_at > clock_timestamp() ORDER BY k.id LIMIT ${limit}`);
}
