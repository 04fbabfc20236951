import { Pool, type PoolClient, type PoolConfig } from "pg";

import { BoundedClient, LOST_CLIENT_SETTINGS, sessionOptions, SilentConnectionError } from "./bounded-client";
import { databaseIdentity } from "./database-identity";
import { env } from "./env";
import { processWide } from "./process-wide";

/**
 * Time-outs in milliseconds, set on every connection; every session runs in UTC. The server gives a
 * statement up before we give up the connection: of a slow one it says so itself.
 */
const SESSION_SETTINGS = [
  "timezone=UTC",
  "statement_timeout=4000",
  "lock_timeout=2000",
  "idle_in_transaction_session_timeout=10000",
  ...LOST_CLIENT_SETTINGS,
  // PostgreSQL's own figure is a spinning disk's: it would read whole tables where an index is at hand.
  "random_page_cost=1.1",
];

const CONNECT_MS = 2000;

/** Longer than any statement on a pool takes: with the wait for a connection, for who the database is, and for the answer. */
export const LONGEST_WAIT_MS = 12_000;

/**
 * Every list has its index. With a LIMIT the planner hopes to find enough near a table's beginning, and reads all of it
 * where it errs.
 */
const INDEXES_ONLY = ["enable_seqscan=off"];

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: boolean) => void) => void;

/** No connection came free in time: the pool says so in words alone, and a code is what is decided by. */
function withCode<E extends Error>(error: E): E {
  return "code" in error ? error : Object.assign(error, { code: "ETIMEDOUT" });
}

class CodedPool extends Pool {
  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | void {
    if (callback) return super.connect((error, client, done) => callback(error && withCode(error), client, done));
    return super.connect().catch((error: unknown) => {
      throw error instanceof Error ? withCode(error) : error;
    });
  }
}

/** A new connection may lead to another database than those before it. */
function admit(client: PoolClient, done: (error?: Error) => void): void {
  databaseIdentity()
    .admit(client)
    .then(() => done())
    .catch(done);
}

/** When another connection was given up, this much silence is enough. */
const DOUBT_MS = 1000;

/** One that fell silent says nothing good of the others: none that is silent as well, or that nobody uses, is used again. */
function distrustTogether(pool: Pool): void {
  const all = new Set<PoolClient>();
  const idle = new Set<PoolClient>();
  pool.on("acquire", (client) => idle.delete(client));
  pool.on("release", (_error, client) => idle.add(client));
  pool.on("remove", (client) => [all, idle].forEach((clients) => clients.delete(client)));
  pool.on("connect", (client) => {
    all.add(client);
    client.on("error", (error) => {
      if (!(error instanceof SilentConnectionError)) return;
      for (const other of all)
        if (other instanceof BoundedClient && (idle.has(other) || other.silentMs >= DOUBT_MS)) other.giveUp();
    });
  });
}

function makePool(extraSettings: readonly string[]): Pool {
  const pool = new CodedPool({
    Client: BoundedClient as unknown as NonNullable<PoolConfig["Client"]>,
    connectionString: env().DATABASE_URL,
    max: env().DATABASE_POOL_SIZE,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    verify: admit,
    options: sessionOptions([...SESSION_SETTINGS, ...extraSettings]),
  });
  // An idle connection that the server ended is replaced on the next use; without a listener it would end the process.
  pool.on("error", () => undefined);
  distrustTogether(pool);
  return pool;
}

/** The pool for changes: used by mutate, by bookkeeping and by the worker. */
export function writePool(): Pool {
  return processWide("write-pool", () => makePool([]));
}

/** The pool for queries: the server itself refuses a change on it. */
export function readPool(): Pool {
  return processWide("read-pool", () => makePool(["default_transaction_read_only=on", ...INDEXES_ONLY]));
}

/** Ends every connection; for scripts, tests and a graceful stop. */
export async function endPools(): Promise<void> {
  await Promise.all([writePool().end(), readPool().end()]);
}
