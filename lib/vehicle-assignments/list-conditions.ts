import "server-only";

import { Prisma, readSql } from "@/lib/platform/database/db";
import { searchCondition } from "@/lib/platform/record-list";
import type { AssignmentState } from "./policy";
import type { AssignmentExportInput } from "./schema";

type Filters = Omit<AssignmentExportInput, "state">;

/** More vehicles or drivers than these are looked at one assignment after the other: then a page is soon full. */
const NAMED_AT_MOST = 1000;

/**
 * The states in SQL, in the words of the indexes `vehicle_assignments_in_…_order`; `stateOf` in policy.ts says the same. Each
 * says something of start and end, though one would do: so either order's index is walked from where the state begins.
 */
export function stateCondition(state: AssignmentState | null): Prisma.Sql {
  const started = Prisma.sql`COALESCE(started_at, '-infinity'::timestamptz)`;
  const ended = Prisma.sql`COALESCE(ended_at, 'infinity'::timestamptz)`;
  switch (state) {
    case null:
      return Prisma.sql`TRUE`;
    case "current":
      return Prisma.sql`${started} <= statement_timestamp() AND ${ended} > statement_timestamp()`;
    case "future":
      return Prisma.sql`${started} > statement_timestamp() AND ${ended} > statement_timestamp()`;
    case "past":
      return Prisma.sql`${ended} <= statement_timestamp() AND ${started} <= statement_timestamp()`;
  }
}

/** Whether a view leaves assignments out, other than by their state. */
export function isNarrowed({ q, vehicle, contact }: Filters): boolean {
  return q !== "" || vehicle !== null || contact !== null;
}

const NAME = [Prisma.sql`name`];

/** The ids of the records so named; null when there are more than `NAMED_AT_MOST`. */
async function idsNamed(table: Prisma.Sql, accountId: number, typed: string): Promise<number[] | null> {
  const found = await readSql<{ id: number }>(Prisma.sql`
    SELECT id FROM ${table} WHERE account_id = ${accountId} AND ${searchCondition(typed, NAME)} LIMIT ${NAMED_AT_MOST + 1}`);
  return found.length > NAMED_AT_MOST ? null : found.map(({ id }) => id);
}

/** What was typed, found in the name of the vehicle or of the driver. */
async function namesCondition(accountId: number, typed: string): Promise<Prisma.Sql> {
  const among = (column: Prisma.Sql, table: Prisma.Sql, ids: readonly number[] | null) =>
    ids === null
      ? Prisma.sql`${column} IN (SELECT id FROM ${table} WHERE account_id = ${accountId} AND ${searchCondition(typed, NAME)})`
      : Prisma.sql`(account_id = ${accountId} AND ${column} = ANY(${[...ids]}::int[]))`;
  const [vehicles, contacts] = [Prisma.sql`vehicles`, Prisma.sql`contacts`];
  const [vehicleIds, contactIds] = await Promise.all([
    idsNamed(vehicles, accountId, typed),
    idsNamed(contacts, accountId, typed),
  ]);
  return Prisma.sql`(${among(Prisma.sql`vehicle_id`, vehicles, vehicleIds)} OR ${among(Prisma.sql`contact_id`, contacts, contactIds)})`;
}

/** Everything of a view but its state: account, search and filters. */
export async function assignmentConditions(accountId: number, { q, vehicle, contact }: Filters): Promise<Prisma.Sql> {
  const conditions = [Prisma.sql`account_id = ${accountId}`];
  if (q !== "") conditions.push(await namesCondition(accountId, q));
  if (vehicle !== null) conditions.push(Prisma.sql`vehicle_id = ${vehicle}`);
  if (contact !== null) conditions.push(Prisma.sql`contact_id = ${contact}`);
  return Prisma.join(conditions, " AND ");
}
