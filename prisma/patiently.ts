import { Client } from "pg";

import { env } from "@/lib/platform/env";
import { bookkeepingDb, type Tx } from "@/lib/platform/write-db";

/** One transaction for much work at once: nobody waits for it, so it may take longer than a page's statements. */
export function patiently<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return bookkeepingDb().$transaction(
    async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = '60s'`;
      return work(tx);
    },
    { timeout: 120_000 },
  );
}

/** Lets the planner know what was made, before autovacuum finds the time; over a connection that may take its own. */
export async function vacuumAnalyze(): Promise<void> {
  const client = new Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  await client.query("VACUUM ANALYZE").finally(() => client.end());
}
