import { Client } from "pg";
import { setTimeout as sleep } from "node:timers/promises";

import { env } from "./env";
import { log } from "./log";

/** Any number, used for nothing else. */
const LOCK = 7_264_115;
const RETRY_MS = 1000;

const REFUSED =
  "Another process serves the API on this database, and each would grant the whole rate limit: set RATE_LIMIT_STORE=postgres for all of them. See .env.example.";

async function takeLock(): Promise<Client | null> {
  const client = new Client({ connectionString: env().DATABASE_URL, keepAlive: true, connectionTimeoutMillis: 2000 });
  await client.connect();
  const shared = env().RATE_LIMIT_STORE === "postgres" ? "_shared" : "";
  const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock${shared}($1::bigint) AS taken`, [
    LOCK,
  ]);
  if (rows[0]?.taken === true) return client;
  await client.end();
  return null;
}

/**
 * Holds this process's place among those that serve the API: alone where it counts requests in its own memory.
 * The place is a lock of a database session: a process that dies leaves it at once.
 * @throws Error whose message is a sentence for the operator
 */
export async function holdApiPlace(): Promise<{ release(): Promise<void> }> {
  let released = false;
  const isReleased = () => released;
  let held = await takeLock();
  if (held === null) throw new Error(REFUSED);

  const watch = (client: Client) => {
    client.on("error", () => undefined);
    client.on("end", () => void takeAgain());
  };
  const takeAgain = async () => {
    while (!isReleased()) {
      await sleep(RETRY_MS, undefined, { ref: false });
      const taken = await takeLock().catch(() => undefined);
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
