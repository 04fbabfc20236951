import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { ADVISORY_LOCKS } from "./advisory-locks";
import { BoundedClient, LOST_CLIENT_SETTINGS, sessionOptions } from "./bounded-client";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";

const RETRY_MS = 1000;
/** The session does nothing but hold the place: whether it still lives is asked. */
const PROBE_EVERY_MS = 1000;
const ANSWER_WITHIN_MS = 2500;

const REFUSED =
  "Another process serves the API on this database, and each would grant the whole rate limit: set RATE_LIMIT_STORE=postgres for all of them. See .env.example.";

/** This process's sessions, also those that the server still has though the network has lost them: they hold the place. */
const END_LOST_SESSIONS = `
  SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
  WHERE application_name = $1 AND pid <> pg_backend_pid()`;

/** Another process holds the place; the message is a sentence for the operator. */
export class InstanceLockTakenError extends Error {
  override readonly name = "InstanceLockTakenError";
}

async function takeLock(name: string): Promise<BoundedClient | null> {
  const client = new BoundedClient({
    connectionString: env().DATABASE_URL,
    application_name: name,
    options: sessionOptions(LOST_CLIENT_SETTINGS),
    timeoutMs: ANSWER_WITHIN_MS,
  });
  await client.connect();
  try {
    await client.query(END_LOST_SESSIONS, [name]);
    const shared = env().RATE_LIMIT_STORE === "postgres" ? "_shared" : "";
    const { rows } = await client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock${shared}($1::bigint) AS taken`,
      [ADVISORY_LOCKS.instance],
    );
    if (rows[0]?.taken === true) return client;
  } catch (error) {
    void client.end();
    throw error;
  }
  await client.end();
  return null;
}

/** Asks from time to time, so that a connection which died without a word ends here too. */
function probe(client: BoundedClient): void {
  let isProbing = false;
  const ask = () => {
    if (isProbing) return;
    isProbing = true;
    void client.query("SELECT 1").then(
      () => (isProbing = false),
      () => undefined,
    );
  };
  const timer = setInterval(ask, PROBE_EVERY_MS).unref();
  client.on("end", () => clearInterval(timer));
}

/**
 * Holds this process's place among those that serve the API: alone where it counts requests in its own memory.
 * The place is a lock of a database session: a process that dies leaves it at once.
 * @throws Error whose message is a sentence for the operator
 */
export async function holdInstanceLock(): Promise<{ release(): Promise<void> }> {
  const name = `hub place ${randomUUID()}`;
  let released = false;
  const isReleased = () => released;
  let held = await takeLock(name);
  if (held === null) throw new InstanceLockTakenError(REFUSED);

  const watch = (client: BoundedClient) => {
    probe(client);
    client.on("end", () => void takeAgain());
  };
  const takeAgain = async () => {
    for (; !isReleased(); await sleep(RETRY_MS, undefined, { ref: false })) {
      const taken = await takeLock(name).catch(() => undefined);
      if (taken === null) log().error(REFUSED);
      if (!taken) continue;
      held = taken;
      if (isReleased()) await taken.end();
      else watch(taken);
      return;
    }
  };
  watch(held);
  return {
    release: async () => {
      released = true;
      await held?.end().catch(() => undefined);
    },
  };
}
