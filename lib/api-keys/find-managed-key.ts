import "server-only";

import type { Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { keysOf } from "@/lib/auth/rights";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";

type KeyManager = Permit<"apiKeys.manage" | "apiKeys.issue" | "credentials.keep">;

export interface ManagedKey {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly apiVersion: string;
  readonly scopes: string[];
  readonly termMonths: number | null;
  readonly termDays: number | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  readonly allCustomers: boolean;
  readonly hasExpired: boolean;
}

function noSuchKey(): DomainError {
  return new DomainError("not_found", "There is no such API key in this account.");
}

/**
 * The key of the permit's account that somebody is about to change. What it says may be outdated a moment later:
 * the change itself is decided in its `where`.
 * @throws DomainError not_found for another account's key, and one that reaches further than the viewer, as for none
 */
export async function findManagedKey(tx: Tx, permit: KeyManager, id: number): Promise<ManagedKey> {
  const [key] = await tx.$queryRaw<ManagedKey[]>(Prisma.sql`
    SELECT k.id, k.name, k.prefix, k.api_version AS "apiVersion", k.scopes, k.term_months AS "termMonths", k.term_days AS "termDays",
      k.expires_at AS "expiresAt", k.created_at AS "createdAt", k.revoked_at AS "revokedAt", k.all_customers AS "allCustomers",
      k.expires_at <= clock_timestamp() AS "hasExpired"
    FROM ${keysOf(permit)} k WHERE k.id = ${id}`);
  if (key === undefined) throw noSuchKey();
  return key;
}

interface KeyChange {
  readonly set: Prisma.Sql;
  /** As it was shown to whoever decided; null where it does not matter what else was changed. */
  readonly revision: number | null;
}

/**
 * Changes a key that was found and lives, in one statement: it compares with the clock once it holds the row, which Prisma cannot
 * say. Whoever comes second finds none. @throws DomainError conflict, in words that say what stood in the way
 */
export async function changeManagedKey(
  tx: Tx,
  permit: KeyManager,
  { id }: ManagedKey,
  { set, revision }: KeyChange,
): Promise<void> {
  const asShown = revision === null ? Prisma.sql`TRUE` : Prisma.sql`revision = ${revision}`;
  const changed = await tx.$executeRaw`
    UPDATE api_keys SET ${set}, revision = revision + 1, updated_at = clock_timestamp()
    WHERE id = ${id} AND account_id = ${permit.account.id} AND ${asShown}
      AND revoked_at IS NULL AND expires_at > clock_timestamp()`;
  if (changed === 1) return;
  const key = await findManagedKey(tx, permit, id);
  if (key.revokedAt !== null) {
    throw new DomainError("conflict", `“${key.name}” is revoked already, for good. Nothing was changed.`);
  }
  throw new DomainError(
    "conflict",
    key.hasExpired
      ? `“${key.name}” has expired, for good. Nothing was changed.`
      : `“${key.name}” was changed meanwhile, here or by somebody else. Nothing was changed now; look at it again.`,
  );
}
