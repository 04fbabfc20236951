import { PrismaPg } from "@prisma/adapter-pg";

import { PrismaClient } from "@/generated/prisma/client";
import { WatchdogClient, watchdogPool } from "@/lib/platform/database/watchdog-client";
import { env } from "@/lib/platform/env";
import { type Tx } from "@/lib/platform/database/write-db";

/** One transaction for much work at once: nobody waits for it, so it may take longer than a page's statements. */
export async function longTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const pool = watchdogPool(env().DATABASE_URL, 1);
  const client = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
  try {
    return await client.$transaction(
      async (tx) => {
        await tx.$executeRaw`SET LOCAL timezone = 'UTC'`;
        return work(tx);
      },
      { timeout: 120_000 },
    );
  } finally {
    await client.$disconnect();
  }
}

/** Lets the planner know what was made, before autovacuum finds the time; over a connection that may take its own. */
export async function vacuumAnalyze(): Promise<void> {
  const client = new WatchdogClient({ connectionString: env().DATABASE_URL });
  await client.connect();
  await client.query("VACUUM ANALYZE").finally(() => client.end());
}
