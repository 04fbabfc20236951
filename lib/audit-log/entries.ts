import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import { boundedCount, COUNT_STOPS_AT } from "@/lib/platform/list-page";
import { sayEvent } from "./events";
import { ACTOR_ID, entryConditions, isNarrowed, standsInLog } from "./list-conditions";
import { recordPage } from "./record-pages";
import { PAGE_SIZE, partsOfRecord, type AuditFilter, type AuditListQuery } from "./schema";

type Reader = Permit<"auditLog.read">;

/** How many actors and actions a filter offers at most. */
const CHOICES = 100;

/** One entry as the list sees it; times are ISO 8601 in UTC. */
export interface EntryRow {
  readonly sequence: number;
  readonly occurredAt: string;
  readonly actorKind: string;
  readonly actorId: number | null;
  readonly actorName: string;
  readonly action: string;
  /** What the actor did, in words: "renewed API key". */
  readonly says: string;
  readonly recordType: string;
  readonly recordId: number | null;
  readonly recordName: string;
  /** Below the space's address: "vehicles/12"; null where the record is gone, or has no page that the viewer may see. */
  readonly recordPage: string | null;
  readonly ip: string | null;
}

export interface EntryDetails extends EntryRow {
  readonly before: unknown;
  readonly after: unknown;
  readonly requestId: string | null;
  /** In hex. */
  readonly previousHash: string;
  readonly hash: string;
  /** Whether there is an entry before and after this one. */
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

export interface EntryList {
  readonly rows: readonly EntryRow[];
  /** The entry that the page before, or after, this one is counted from; null where there is none. */
  readonly previous: number | null;
  readonly next: number | null;
  /** Under the filters at hand; stops at 1,001. */
  readonly count: number;
  readonly now: string;
}

type Stored<T> = Omit<T, "occurredAt" | "says"> & { readonly occurredAt: Date };

const ROW = Prisma.sql`sequence, occurred_at AS "occurredAt", actor_kind AS "actorKind", actor_id AS "actorId",
  actor_name AS "actorName", action, record_type AS "recordType", record_id AS "recordId", record_name AS "recordName", ip`;

function shown<T extends Stored<Pick<EntryRow, "action" | "occurredAt" | "says">>>(
  entry: T,
): Omit<T, "occurredAt"> & { occurredAt: string; says: string } {
  return { ...entry, occurredAt: entry.occurredAt.toISOString(), says: sayEvent(entry.action) };
}

async function countEntries(conditions: Prisma.Sql): Promise<{ count: number; now: Date }> {
  const [counted] = await readSql<{ count: number; now: Date }>(Prisma.sql`
    SELECT ${boundedCount(Prisma.sql`FROM audit_entries WHERE ${conditions}`)} AS count, statement_timestamp() AS now`);
  if (counted === undefined) throw new Error("the database gave no count");
  return counted;
}

/**
 * One page, newest first, by keyset on the sequence. The planner cannot know how few entries a filter leaves, so the
 * count decides how the page is read: few entries are sorted, many are found by walking the index in order until the
 * page is full.
 */
export async function listEntries(permit: Reader, query: AuditListQuery): Promise<EntryList> {
  const end = await lastSequence(permit);
  const conditions = entryConditions(permit.account.id, query, end);
  const { count, now } = await countEntries(conditions);
  const isShort = isNarrowed(query) && count <= COUNT_STOPS_AT;
  const backwards = query.before !== null;
  const place = query.before ?? query.after;
  const beyond =
    place === null ? Prisma.sql`TRUE` : backwards ? Prisma.sql`sequence > ${place}` : Prisma.sql`sequence < ${place}`;
  const order = Prisma.raw(backwards ? "ASC" : "DESC");
  const found = await readSql<Stored<EntryRow>>(Prisma.sql`
    WITH matching AS ${Prisma.raw(isShort ? "MATERIALIZED" : "NOT MATERIALIZED")} (SELECT * FROM audit_entries WHERE ${conditions})
    SELECT ${ROW}, ${recordPage(permit)} AS "recordPage"
    FROM (SELECT * FROM matching WHERE ${beyond} ORDER BY sequence ${order} LIMIT ${PAGE_SIZE + 1}) e ORDER BY sequence ${order}`);
  const more = found.length > PAGE_SIZE;
  const rows = found.slice(0, PAGE_SIZE).map(shown);
  if (backwards) rows.reverse();
  const hasNewer = backwards ? more : place !== null;
  const hasOlder = backwards || more;
  return {
    rows,
    previous: hasNewer ? (rows[0]?.sequence ?? null) : null,
    next: hasOlder ? (rows.at(-1)?.sequence ?? null) : null,
    count,
    now: now.toISOString(),
  };
}

/**
 * One entry with everything it holds.
 * @throws DomainError not_found for another account's entry as for none
 */
export async function getEntry(permit: Reader, sequence: number): Promise<EntryDetails> {
  const accountId = permit.account.id;
  const [entry] = await readSql<Stored<EntryDetails>>(Prisma.sql`
    SELECT ${ROW}, before, after, request_id AS "requestId", encode(previous_hash, 'hex') AS "previousHash", encode(hash, 'hex') AS hash,
      ${recordPage(permit)} AS "recordPage",
      EXISTS (SELECT FROM audit_entries o WHERE o.account_id = ${accountId} AND o.sequence = ${sequence}::int - 1 AND o.sequence > 0) AS "hasOlder",
      EXISTS (SELECT FROM audit_heads h WHERE h.account_id = ${accountId} AND h.sequence > ${sequence}::int) AS "hasNewer"
    FROM audit_entries e WHERE account_id = ${accountId} AND sequence = ${sequence} AND ${standsInLog(accountId)}`);
  if (entry === undefined) throw new DomainError("not_found", "There is no such entry in this account’s audit log.");
  return shown(entry);
}

export interface ActorChoice {
  /** As the filter says it: `user:12`, `system`. */
  readonly value: string;
  readonly kind: string;
  /** The name at the latest entry. */
  readonly name: string;
}

/** Who occurs in the log, by a loose scan of the actors' index: as many steps as actors, at most 100. */
export async function listActors(permit: Reader): Promise<ActorChoice[]> {
  const accountId = permit.account.id;
  const inLog = standsInLog(accountId);
  const actors = await readSql<{ kind: string; id: number; name: string }>(Prisma.sql`
    WITH RECURSIVE actors AS (
      (SELECT actor_kind, ${ACTOR_ID} AS id, 1 AS step FROM audit_entries WHERE account_id = ${accountId} AND ${inLog}
        ORDER BY actor_kind, ${ACTOR_ID} LIMIT 1)
      UNION ALL
      SELECT next.actor_kind, next.id, actors.step + 1 FROM actors CROSS JOIN LATERAL (
        SELECT e.actor_kind, (COALESCE(e.actor_id, 0)) AS id FROM audit_entries e
        WHERE e.account_id = ${accountId} AND ${inLog} AND (e.actor_kind, (COALESCE(e.actor_id, 0))) > (actors.actor_kind, actors.id)
        ORDER BY e.actor_kind, (COALESCE(e.actor_id, 0)) LIMIT 1
      ) next WHERE actors.step < ${CHOICES}
    )
    SELECT actors.actor_kind AS kind, actors.id, (
      SELECT e.actor_name FROM audit_entries e
      WHERE e.account_id = ${accountId} AND e.actor_kind = actors.actor_kind AND (COALESCE(e.actor_id, 0)) = actors.id AND ${inLog}
      ORDER BY e.sequence DESC LIMIT 1) AS name
    FROM actors`);
  return actors
    .map(({ kind, id, name }) => ({ value: id === 0 ? kind : `${kind}:${id}`, kind, name }))
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/** What has been done in the account, by a loose scan of the actions' index, at most 100. */
export async function listActions(permit: Reader): Promise<string[]> {
  const accountId = permit.account.id;
  const inLog = standsInLog(accountId);
  const actions = await readSql<{ action: string }>(Prisma.sql`
    WITH RECURSIVE actions AS (
      (SELECT action, 1 AS step FROM audit_entries WHERE account_id = ${accountId} AND ${inLog} ORDER BY action LIMIT 1)
      UNION ALL
      SELECT next.action, actions.step + 1 FROM actions CROSS JOIN LATERAL (
        SELECT e.action FROM audit_entries e WHERE e.account_id = ${accountId} AND ${inLog} AND e.action > actions.action
        ORDER BY e.action LIMIT 1
      ) next WHERE actions.step < ${CHOICES}
    )
    SELECT action FROM actions`);
  return actions.map(({ action }) => action);
}

/** What a record was called last; null when the log does not know it. */
export async function recordName(permit: Reader, { record }: { readonly record: string }): Promise<string | null> {
  const { type, id } = partsOfRecord(record);
  const accountId = permit.account.id;
  const [latest] = await readSql<{ name: string }>(Prisma.sql`
    SELECT record_name AS name FROM audit_entries
    WHERE account_id = ${accountId} AND record_type = ${type} AND record_id = ${id} AND ${standsInLog(accountId)}
    ORDER BY sequence DESC LIMIT 1`);
  return latest?.name ?? null;
}

/** The sequence of the last entry according to the log's head: what is stored beyond it is not part of the log. */
export async function lastSequence(permit: Reader): Promise<number> {
  const head = await db().auditHead.findUnique({ where: { accountId: permit.account.id }, select: { sequence: true } });
  return head?.sequence ?? 0;
}

export type ExportedEntry = Stored<Omit<EntryDetails, "hasOlder" | "hasNewer" | "recordPage">>;

/** The next entries of an export, newest first, from `upTo` down. */
export function exportBatch(
  permit: Reader,
  { filter, upTo, size }: { readonly filter: AuditFilter; readonly upTo: number; readonly size: number },
): Promise<ExportedEntry[]> {
  return readSql(Prisma.sql`
    SELECT ${ROW}, before, after, request_id AS "requestId", encode(previous_hash, 'hex') AS "previousHash", encode(hash, 'hex') AS hash
    FROM audit_entries WHERE ${entryConditions(permit.account.id, filter, upTo)}
    ORDER BY sequence DESC LIMIT ${size}`);
}
