import type { ClientBase } from "pg";

import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { serving } from "@/lib/platform/serving";

/** What tells one database from another, as text; null = the role may not read it. */
export interface IdentityFacts {
  readonly databaseOid: string;
  /** Of the table that holds the identity: all that `pg_restore --clean` into the same database changes. */
  readonly tableOid: string;
  readonly systemIdentifier: string | null;
  readonly timeline: number | null;
}

/** Another server goes on where one ended: a fail-over, or a recovery to a point in time. */
export interface TimelineChange {
  readonly from: number;
  readonly to: number;
  /** ISO 8601; null while nobody could write it down. */
  readonly at: string | null;
  readonly isRecent: boolean;
}

const UNTIL = "Nothing is served until `npm run after-restore` has been run (docs/operations/restore.md).";
const ANOTHER = `The database is not the one that the Hub served before: it was restored, copied or moved. ${UNTIL}`;
const NAMELESS = `The database does not say which one it is: a restore seems to be under way, or was broken off. ${UNTIL}`;

/** Why a process must not serve this database; null where it may. */
export function objectionTo(
  facts: IdentityFacts,
  recorded: readonly IdentityFacts[],
  { stopOnNewTimeline }: { readonly stopOnNewTimeline: boolean },
): string | null {
  if (recorded.length === 0) return NAMELESS;
  const isSame = (row: IdentityFacts) =>
    row.databaseOid === facts.databaseOid &&
    row.tableOid === facts.tableOid &&
    agree(row.systemIdentifier, facts.systemIdentifier);
  if (!recorded.every(isSame)) return ANOTHER;
  const other = recorded.find((row) => !agree(row.timeline, facts.timeline));
  if (other === undefined || !stopOnNewTimeline) return null;
  return `The database changed over to another server (timeline ${other.timeline} became ${facts.timeline}), and STOP_ON_NEW_TIMELINE is set. ${UNTIL}`;
}

/** What is not known on either side tells nothing. */
function agree<T>(recorded: T | null, found: T | null): boolean {
  return recorded === null || found === null || recorded === found;
}

/** The first eight digits of a WAL file's name are the timeline; a standby writes none, its last checkpoint tells. */
const TIMELINE = `CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END`;
const SYSTEM_IDENTIFIER = "(SELECT system_identifier::text FROM pg_control_system())";

const factsText = (systemIdentifier: string, timeline: string) => `
  SELECT (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS "databaseOid",
    'database_identity'::regclass::oid::text AS "tableOid", ${systemIdentifier} AS "systemIdentifier", ${timeline} AS timeline`;

const FACTS = factsText(SYSTEM_IDENTIFIER, TIMELINE);
/** Where a provider keeps the server's own facts to himself. */
const PLAIN_FACTS = factsText("NULL::text", "NULL::int");

/** How long owners are shown that the server is another one. */
const RECENT = "interval '7 days'";

/** A column for look-ups that let somebody in; cheap, and NULL in the midst of a restore. */
export const TABLE_OID = "to_regclass('database_identity')::oid";

const lookText = (facts: string) => `
  SELECT here.*, i.id IS NOT NULL AS "isRecorded", i.database_oid::text AS "recordedDatabaseOid", i.table_oid::text AS "recordedTableOid",
    i.system_identifier AS "recordedSystemIdentifier", i.timeline AS "recordedTimeline", i.seen_timeline AS "seenTimeline",
    i.seen_timeline_at AS "seenTimelineAt", i.seen_timeline_at > clock_timestamp() - ${RECENT} AS "isRecent"
  FROM (${facts}) here LEFT JOIN database_identity i ON TRUE`;

interface LookRow extends IdentityFacts {
  readonly isRecorded: boolean;
  readonly recordedDatabaseOid: string;
  readonly recordedTableOid: string;
  readonly recordedSystemIdentifier: string | null;
  readonly recordedTimeline: number | null;
  readonly seenTimeline: number | null;
  readonly seenTimelineAt: Date | null;
  readonly isRecent: boolean | null;
}

const NO_SUCH_TABLE = "42P01";
/** No right, no such function, not supported, not in this state. */
const UNANSWERABLE = new Set(["42501", "42883", "0A000", "55000"]);

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

async function orPlain<T>(ask: (facts: string) => Promise<T>): Promise<T> {
  try {
    return await ask(FACTS);
  } catch (error) {
    if (!UNANSWERABLE.has(codeOf(error))) throw error;
    return ask(PLAIN_FACTS);
  }
}

async function ask(client: ClientBase): Promise<readonly LookRow[]> {
  try {
    return await orPlain(async (facts) => (await client.query<LookRow>(lookText(facts))).rows);
  } catch (error) {
    if (codeOf(error) === NO_SUCH_TABLE) return [];
    throw error;
  }
}

function judge(rows: readonly LookRow[]): string | null {
  const [facts] = rows;
  if (facts === undefined) return NAMELESS;
  const recorded = rows.filter(({ isRecorded }) => isRecorded).map(recordedOf);
  return objectionTo(facts, recorded, { stopOnNewTimeline: env().STOP_ON_NEW_TIMELINE });
}

function recordedOf(row: LookRow): IdentityFacts {
  return {
    databaseOid: row.recordedDatabaseOid,
    tableOid: row.recordedTableOid,
    systemIdentifier: row.recordedSystemIdentifier,
    timeline: row.recordedTimeline,
  };
}

/** Why this database must not be served, by what it says at this moment; null where it may. */
export async function readObjection(client: ClientBase): Promise<string | null> {
  return judge(await ask(client));
}

/** Whether the server goes on where the one last accepted ended. */
export async function isNewTimeline(client: ClientBase): Promise<boolean> {
  const [row] = await ask(client);
  return row !== undefined && row.isRecorded && !agree(row.recordedTimeline, row.timeline);
}

/** Accepts the database as it is, in place of whatever it was before; for after-restore alone, in its transaction. */
export async function recordIdentity(client: ClientBase): Promise<void> {
  // Asked first: where a provider does not tell, the refusal would end the transaction.
  const { rows } = await orPlain((text) => client.query<IdentityFacts>(text));
  const [facts] = rows;
  if (facts === undefined) throw new Error("the database does not say who it is");
  const { databaseOid, tableOid, systemIdentifier, timeline } = facts;
  await client.query("BEGIN");
  await client.query("DELETE FROM database_identity");
  await client.query(
    "INSERT INTO database_identity (database_oid, table_oid, system_identifier, timeline, seen_timeline) VALUES ($1, $2, $3, $4, $4)",
    [databaseOid, tableOid, systemIdentifier, timeline],
  );
  await client.query("COMMIT");
}

/** A database that was exchanged under this process: told as one that takes nobody in at present. */
export class OtherDatabaseError extends Error {
  override readonly name = "OtherDatabaseError";
  readonly code = "57P03";
}

/** Whether the database is the one that this process serves. What it finds otherwise, it tells `serving()`. */
export class DatabaseIdentity {
  #knownTableOid: number | null = null;
  #reportedTimeline: number | null = null;
  #timeline: number | null = null;
  #change: TimelineChange | null = null;
  #isGuarding = false;
  #objection: string | null = null;

  /** From now on every connection of the pools is asked before it is used. */
  guard(): void {
    this.#isGuarding = true;
  }

  /** The server's timeline, as last seen; null where it is not told. */
  get timeline(): number | null {
    return this.#timeline;
  }

  /** Null while the server is the one last accepted. */
  get timelineChange(): TimelineChange | null {
    return this.#change;
  }

  /** Asks on this connection who the database is. Rejects only where it does not answer. */
  async look(client: ClientBase): Promise<void> {
    const rows = await ask(client);
    const objection = judge(rows);
    const [row] = rows;
    this.#knownTableOid = objection === null && row !== undefined ? Number(row.tableOid) : null;
    if (row !== undefined) await this.#noteTimeline(client, row);
    this.#say(objection);
  }

  /** @throws OtherDatabaseError on a connection to another database, where this process guards against it */
  async admit(client: ClientBase): Promise<void> {
    if (!this.#isGuarding) return;
    const objection = await readObjection(client);
    if (objection === null) return;
    this.#say(objection);
    throw new OtherDatabaseError(objection);
  }

  /**
   * For look-ups that let somebody in: the statement brought along the oid of the identity's table. A restore into the
   * same database under this process is noticed by the first of them, and not a second later.
   * @throws OtherDatabaseError
   */
  confirm(tableOid: number | null): void {
    const isKnown = this.#knownTableOid === null || tableOid === this.#knownTableOid;
    if (!isKnown) this.#say(ANOTHER);
    if (this.#objection !== null) throw new OtherDatabaseError(this.#objection);
  }

  #say(objection: string | null): void {
    this.#objection = objection;
    const before = serving().refusedBecause();
    serving().refuse("databaseIdentity", objection);
    const now = serving().refusedBecause();
    if (objection !== null && before !== objection) log().error(objection);
    if (before !== null && now === null) log().warn("the Hub serves again");
  }

  /** Stops nothing by itself: what was confirmed just before may be missing, and somebody has to hear of it. */
  async #noteTimeline(client: ClientBase, row: LookRow): Promise<void> {
    const { timeline: to, recordedTimeline: from, seenTimeline, seenTimelineAt, isRecent } = row;
    this.#timeline = to;
    const isOther = from !== null && to !== null && from !== to;
    this.#change = isOther ? { from, to, at: seenTimelineAt?.toISOString() ?? null, isRecent: isRecent ?? true } : null;
    if (isOther && this.#reportedTimeline !== to) {
      this.#reportedTimeline = to;
      log().warn(
        { from, to },
        "the database changed over to another server: what was confirmed just before may be missing (docs/operations/restore.md)",
      );
    }
    if (to === null || seenTimeline === to) return;
    // A server that is read-only yet is told of by the next look.
    await client
      .query("UPDATE database_identity SET seen_timeline = $1, seen_timeline_at = clock_timestamp()", [to])
      .catch(() => undefined);
  }
}

/** The one of this process. */
export function databaseIdentity(): DatabaseIdentity {
  return singleton("database-identity", () => new DatabaseIdentity());
}
