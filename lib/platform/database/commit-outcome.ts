import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";

import { env } from "@/lib/platform/env";

/** What became of a transaction whose COMMIT was not answered. */
export type CommitOutcome = "committed" | "aborted" | "unknown";

/** What a transaction knows of itself, so that it can be asked after when its connection is gone. */
export interface TransactionMark {
  readonly xid: string;
  /** When the server began that gave the number: after a fail-over another may have given it once more. */
  readonly servedSince: string;
}

const TIMEOUT_MS = 2000;
const PAUSE_MS = 50;
/** A connection that died without a word leaves its transaction open: it is ended, so that something is known. */
const END_IT_AFTER_MS = 1000;
/** "A transaction with this number is in the future": the server that stands in now never had it. */
const NEVER_HAD_IT = "22023";

const ASK = "SELECT pg_xact_status($1::xid8) AS status, pg_postmaster_start_time()::text = $2 AS same";
const END_IT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = $1::xid8::xid";

/** One question on a connection of its own: those of the pool may be as dead as the one that was lost. */
async function ask({ xid, servedSince }: TransactionMark, endIt: boolean): Promise<CommitOutcome> {
  const client = new Client({
    connectionString: env().DATABASE_URL,
    connectionTimeoutMillis: TIMEOUT_MS / 2,
    query_timeout: TIMEOUT_MS / 2,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ status: string | null; same: boolean }>(ASK, [xid, servedSince]);
    const { status, same } = rows[0] ?? { status: null, same: false };
    if (status === "aborted") return "aborted";
    if (status === "committed" && same) return "committed";
    if (status === "in progress" && same && endIt) await client.query(END_IT, [xid]);
  } catch (error) {
    if ((error as { code?: unknown }).code === NEVER_HAD_IT) return "aborted";
  } finally {
    // Not awaited: a server that hangs would never say goodbye.
    void client.end().catch(() => undefined);
  }
  return "unknown";
}

async function askUntilKnown(mark: TransactionMark): Promise<CommitOutcome> {
  const startedAtMs = performance.now();
  const waited = () => performance.now() - startedAtMs;
  while (waited() < TIMEOUT_MS) {
    const outcome = await ask(mark, waited() > END_IT_AFTER_MS);
    if (outcome !== "unknown") return outcome;
    await pause(PAUSE_MS);
  }
  return "unknown";
}

/** Asks the database until it knows, for two seconds at most. */
export function commitOutcome(mark: TransactionMark): Promise<CommitOutcome> {
  return Promise.race([askUntilKnown(mark), pause<CommitOutcome>(TIMEOUT_MS, "unknown", { ref: false })]);
}
