import { createHash } from "node:crypto";

import { Prisma, readDriverSql, readSql } from "@/lib/platform/database/db";

/**
 * How far an account's changes have come, as a column of the statement whose rows it goes with: whoever follows the
 * change feed from there misses none of what the rows do not show. The epoch is the database's: another server, or a
 * restored one, may lack what was told before.
 */
export function changePlace(accountId: number): Prisma.Sql {
  return Prisma.sql`(SELECT left(i.epoch::text, 13) || '.' || COALESCE((SELECT h.sequence FROM audit_heads h WHERE h.account_id = ${accountId}), 0)
    FROM database_identity i LIMIT 1)`;
}

/** A place of one account is none of another's. */
function epochOf(databaseEpoch: string, accountId: number): string {
  return createHash("sha256").update(`${databaseEpoch}/${accountId}`).digest("hex").slice(0, 12);
}

/** `changePlace` as callers hold it: `<epoch>.<sequence>`. */
export function placeToken(place: string, accountId: number): string {
  const [databaseEpoch = "", sequence = ""] = place.split(".");
  return `${epochOf(databaseEpoch, accountId)}.${sequence}`;
}

/** Of the same snapshot as the row it comes with. */
export interface Placed {
  readonly keysetChange: string;
}

/**
 * Rows and the place that comes with each of them. Where there are none, nothing carries it: it is asked for on the
 * condition that there still are none, so that it is the place of a snapshot without rows.
 */
export async function readPlaced<Found extends Placed>(
  accountId: number,
  statement: Prisma.Sql,
  read: () => Promise<Found[]>,
): Promise<{ readonly found: readonly Found[]; readonly place: string }> {
  for (;;) {
    const found = await read();
    if (found[0] !== undefined) return { found, place: found[0].keysetChange };
    const [none] = await readDriverSql<{ place: string }>(
      Prisma.sql`SELECT ${changePlace(accountId)} AS place WHERE NOT EXISTS (${statement})`,
    );
    if (none !== undefined) return { found, place: none.place };
  }
}

/** The place right now, for lists that read no rows. */
export async function readChangePlace(accountId: number): Promise<string> {
  const [found] = await readSql<{ place: string }>(Prisma.sql`SELECT ${changePlace(accountId)} AS place`);
  if (found === undefined) throw new Error("the database gave no place in the account's changes");
  return placeToken(found.place, accountId);
}
