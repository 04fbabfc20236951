import { randomUUID } from "node:crypto";

import { ADVISORY_LOCKS } from "./advisory-locks";
import { databaseState, type Held } from "./state";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";

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

function placeCalled(name: string): Held {
  return {
    take: async (client) => {
      await client.query("SELECT set_config('application_name', $1, false)", [name]);
      await client.query(END_LOST_SESSIONS, [name]);
      const shared = env().RATE_LIMIT_STORE === "postgres" ? "_shared" : "";
      const { rows } = await client.query<{ taken: boolean }>(
        `SELECT pg_try_advisory_lock${shared}($1::bigint) AS taken`,
        [ADVISORY_LOCKS.instance],
      );
      return rows[0]?.taken === true;
    },
    giveBack: (client) => client.query("SELECT pg_advisory_unlock_all()"),
    refused: () => log().error(REFUSED),
  };
}

/**
 * Holds this process's place among those that serve the API: alone where it counts requests in its own memory.
 * The place is a lock of a database session, that of the watch: a process that dies leaves it at once, and where the
 * connection dies without a word the watch notices, and takes it on the next one.
 * @throws Error whose message is a sentence for the operator
 */
export async function holdInstanceLock(): Promise<{ release(): Promise<void> }> {
  const place = placeCalled(`hub place ${randomUUID()}`);
  if (!(await databaseState().hold(place))) throw new InstanceLockTakenError(REFUSED);
  return { release: () => databaseState().giveBack(place) };
}
