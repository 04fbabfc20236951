import { DatabaseError, type Client, type Pool } from "pg";

import { ADVISORY_LOCKS, type AdvisoryLock } from "./advisory-locks";
import { DatabaseRefusal } from "./check";

/** Long enough for most migrations of somebody else; and whoever waits for one that nobody ends is told. */
export const LOCK_TIMEOUT_MS = 120_000;
const LOCK_NOT_AVAILABLE = "55P03";

/** A migration as it stands in its folder. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

const HOLDER = `
  SELECT a.pid, a.application_name AS name, a.backend_start AS since FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1 AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

async function sayHolder(client: Client, lock: AdvisoryLock): Promise<string> {
  const { rows } = await client.query<{ pid: number; name: string; since: Date | null }>(HOLDER, [lock]);
  const [holder] = rows;
  if (holder === undefined) return "Another process migrates this database. Start again.";
  const since = holder.since === null ? "" : `, connected since ${holder.since.toISOString()}`;
  return `Another program migrates this database, or left its lock behind: the server's process ${holder.pid} (“${holder.name}”${since}). Start again when it has ended; where nothing is at work there, SELECT pg_terminate_backend(${holder.pid}) ends it.`;
}

/** @throws DatabaseRefusal that says who holds it, when that has taken too long */
async function take(client: Client, lock: AdvisoryLock, timeoutMs: number): Promise<void> {
  const { rows } = await client.query<{ before: string }>("SELECT current_setting('lock_timeout') AS before");
  await client.query("SELECT set_config('lock_timeout', $1, false)", [`${timeoutMs}ms`]);
  try {
    await client.query("SELECT pg_advisory_lock($1)", [lock]);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new DatabaseRefusal(await sayHolder(client, lock));
  }
  await client.query("SELECT set_config('lock_timeout', $1, false)", [rows[0]?.before ?? "0"]);
}

/** Until its session ends nobody else migrates, and no server process is at a migration that a dead program began. */
export async function holdMigrationLock(client: Client, timeoutMs: number): Promise<void> {
  await take(client, ADVISORY_LOCKS.migrations, timeoutMs);
  await take(client, ADVISORY_LOCKS.migrationScript, timeoutMs);
  await client.query("SELECT pg_advisory_unlock($1)", [ADVISORY_LOCKS.migrationScript]);
}

export async function hasMigrationTable(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ found: string | null }>(
    "SELECT to_regclass('_prisma_migrations')::text AS found",
  );
  return rows[0]?.found !== null;
}

/** What an extension brought is no table of anybody's. */
const FOREIGN_TABLES = `
  SELECT relname AS name FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
  ORDER BY 1 LIMIT 3`;

/** As Prisma itself makes it; it would do so only where there is nothing at all, not even an extension's view. */
const MIGRATION_TABLE = `
  CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

/**
 * Makes the table in which migrations are put down, and takes out what was begun and is not there: a migration is one
 * transaction that ends with putting itself down, so one that is not put down as done has left nothing.
 */
export async function ensureMigrationTable(client: Client): Promise<void> {
  if (await hasMigrationTable(client)) {
    await client.query("DELETE FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL");
    return;
  }
  const { rows } = await client.query<{ name: string }>(FOREIGN_TABLES);
  if (rows.length > 0)
    throw new DatabaseRefusal(
      `The database holds tables (${rows.map(({ name }) => `"${name}"`).join(", ")} in the schema public), and nothing in it says which migrations made them: they are another program's, or a restore is under way or was broken off. Give the Hub a database of its own, or finish the restore.`,
    );
  await client.query(MIGRATION_TABLE);
}

/** The script of a migration that puts itself down as done in its own transaction; any other script as it is. */
export async function withCompletionMark(
  pool: Pool,
  script: string,
  migrations: readonly Migration[],
): Promise<string> {
  const migration = migrations.find(({ sql }) => sql === script);
  if (migration === undefined) return script;
  const { rows } = await pool.query<{ mine: string }>(
    "SELECT format('id = %L AND finished_at IS NULL', id) AS mine FROM _prisma_migrations WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL",
    [migration.name],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`Migration ${migration.name} is not in the books.`);
  // One that was sent by a program that died meanwhile finds that another start began it anew.
  const check = `IF NOT EXISTS (SELECT FROM _prisma_migrations WHERE ${row.mine}) THEN RAISE 'another start began this anew'; END IF;`;
  return [
    `SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.migrationScript}); DO $hub$ BEGIN ${check} END $hub$;`,
    script,
    `;UPDATE _prisma_migrations SET finished_at = clock_timestamp() WHERE ${row.mine};`,
  ].join("\n");
}
