import { Pool, type PoolClient, type PoolConfig } from "pg";

import { BoundedClient, sessionOptions, SilentConnectionError } from "./bounded-client";
import { databaseIdentity } from "./identity";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import {
  READ_SETTINGS,
  SessionSettingsError,
  settingFaults,
  WRITE_SETTINGS,
  type SessionSettings,
} from "./session-settings";

const CONNECT_MS = 2000;
/** Longer than the minute after which work by the clock comes again: each new connection is asked who the database is. */
const IDLE_MS = 90_000;

/** Longer than any statement on a pool takes: with the wait for a connection, for who the database is, and for the answer. */
export const LONGEST_WAIT_MS = 12_000;

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

/** @throws SessionSettingsError where the session is not what was asked for, as a pooler in between would have it */
async function refuseOtherSettings(client: PoolClient, settings: SessionSettings): Promise<void> {
  const faults = await settingFaults(client, settings);
  if (faults.length === 0) return;
  const error = new SessionSettingsError(faults);
  log().error(error.message);
  throw error;
}

/** A new connection may lead to another database than those before it, or by another way. */
function admitWith(settings: SessionSettings): (client: PoolClient, done: (error?: Error) => void) => void {
  return (client, done) => {
    refuseOtherSettings(client, settings)
      .then(() => databaseIdentity().admit(client))
      .then(() => done())
      .catch(done);
  };
}

/** A connection that was heard so long after another fell silent had nothing to do with that. */
const DOUBT_MS = 1000;

/** What each pool of the process does when a connection of one of them fell silent. */
function distrusters(): Set<(silence: SilentConnectionError) => void> {
  return singleton("pool-distrusters", () => new Set());
}

/**
 * One that fell silent says nothing good of the others, whichever pool's they are: those that were not heard since are
 * given up with it. Else each would be found dead in its turn, by somebody who waits for it.
 */
function distrustTogether(pool: Pool): void {
  const clients = new Set<BoundedClient>();
  distrusters().add((silence) => {
    for (const client of clients) if (client.heardAtMs < silence.sinceMs + DOUBT_MS) client.giveUp(silence);
  });
  pool.on("remove", (client) => client instanceof BoundedClient && clients.delete(client));
  pool.on("connect", (client) => {
    if (!(client instanceof BoundedClient)) return;
    clients.add(client);
    client.on("error", (error) => {
      if (error instanceof SilentConnectionError) for (const distrust of distrusters()) distrust(error);
    });
  });
}

function makePool(settings: SessionSettings): Pool {
  const pool = new CodedPool({
    Client: BoundedClient as unknown as NonNullable<PoolConfig["Client"]>,
    connectionString: env().DATABASE_URL,
    max: env().DATABASE_POOL_SIZE,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    verify: admitWith(settings),
    options: sessionOptions(settings),
  });
  // An idle connection that the server ended is replaced on the next use; without a listener it would end the process.
  pool.on("error", () => undefined);
  distrustTogether(pool);
  return pool;
}

/** The pool for changes: used by mutate, by bookkeeping and by the worker. */
export function writePool(): Pool {
  return singleton("write-pool", () => makePool(WRITE_SETTINGS));
}

/** The pool for queries: the server itself refuses a change on it. */
export function readPool(): Pool {
  return singleton("read-pool", () => makePool(READ_SETTINGS));
}

/** Ends every connection; for scripts, tests and a graceful stop. */
export async function endPools(): Promise<void> {
  await Promise.all([writePool().end(), readPool().end()]);
}
