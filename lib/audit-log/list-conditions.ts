import "server-only";

import { Prisma } from "@/lib/platform/database/db";
import { likeLiteral } from "@/lib/platform/list-page";
import { partsOfActor, partsOfRecord, type AuditFilter, type Period } from "./schema";

/** Below three characters a trigram index only helps with beginnings. */
const TRIGRAM_LENGTH = 3;

/** In the words of the index `audit_entries_by_actor`. */
export const ACTOR_ID = Prisma.sql`(COALESCE(actor_id, 0))`;

/**
 * How far times may disagree with the order of sequences. They agree, except for changes that waited for each other and
 * after the database's clock was corrected; entries further apart than this are always in order.
 */
const DISORDER = Prisma.sql`interval '1 hour'`;

const HOURS: Readonly<Record<Period, number>> = { "24h": 24, "7d": 7 * 24, "30d": 30 * 24, "90d": 90 * 24 };

/**
 * The condition on the time, and a range of sequences that includes every match: the range is what every index can use.
 */
function since(accountId: number, from: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`occurred_at >= ${from} AND sequence > COALESCE((
    SELECT earlier.sequence FROM audit_entries earlier WHERE earlier.account_id = ${accountId}
      AND earlier.occurred_at < ${from} - ${DISORDER} ORDER BY earlier.occurred_at DESC, earlier.sequence DESC LIMIT 1), 0)`;
}

function until(accountId: number, to: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`occurred_at < ${to} AND sequence < COALESCE((
    SELECT later.sequence FROM audit_entries later WHERE later.account_id = ${accountId}
      AND later.occurred_at >= ${to} + ${DISORDER} ORDER BY later.occurred_at, later.sequence LIMIT 1), 2147483647)`;
}

function searchCondition(text: string): Prisma.Sql {
  const literal = likeLiteral(text);
  return Prisma.sql`record_name ILIKE ${text.length < TRIGRAM_LENGTH ? `${literal}%` : `%${literal}%`}`;
}

/** Whether a view leaves entries out. */
export function isNarrowed({ actor, action, record, period, from, to, q }: AuditFilter): boolean {
  return q !== "" || [actor, action, record, period, from, to].some((choice) => choice !== null);
}

/**
 * The entries that belong to the log: from its first to its head. Whoever can insert rows could add some before and
 * after; they are shown to nobody, and the verifier reports them.
 */
export function standsInLog(accountId: number): Prisma.Sql {
  return Prisma.sql`sequence BETWEEN 1 AND COALESCE((SELECT h.sequence FROM audit_heads h WHERE h.account_id = ${accountId}), 0)`;
}

/**
 * All conditions of a view except its page. `end` is the log's head as a plain number, so that the planner can estimate
 * with it.
 */
export function entryConditions(accountId: number, filter: AuditFilter, end: number): Prisma.Sql {
  const conditions = [Prisma.sql`account_id = ${accountId} AND sequence BETWEEN 1 AND ${end}::int`];
  if (filter.actor !== null) {
    const { kind, id } = partsOfActor(filter.actor);
    conditions.push(Prisma.sql`actor_kind = ${kind} AND ${ACTOR_ID} = ${id}`);
  }
  if (filter.action !== null) conditions.push(Prisma.sql`action = ${filter.action}`);
  if (filter.record !== null) {
    const { type, id } = partsOfRecord(filter.record);
    conditions.push(Prisma.sql`record_type = ${type} AND record_id = ${id}`);
  }
  if (filter.period !== null) {
    conditions.push(
      since(accountId, Prisma.sql`(statement_timestamp() - make_interval(hours => ${HOURS[filter.period]}))`),
    );
  }
  if (filter.from !== null) conditions.push(since(accountId, Prisma.sql`${filter.from}::timestamptz`));
  if (filter.to !== null) conditions.push(until(accountId, Prisma.sql`${filter.to}::timestamptz`));
  if (filter.q !== "") conditions.push(searchCondition(filter.q));
  return Prisma.join(conditions, " AND ");
}
