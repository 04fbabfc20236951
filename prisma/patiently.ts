import { PrismaPg } from "@prisma/adapter-pg";
import { Pool, type PoolConfig } from "pg";

import { PrismaClient } from "@/generated/prisma/client";
import { AttendedClient } from "@/lib/platform/attended-client";
import { env } from "@/lib/platform/env";
import { type Tx } from "@/lib/platform/write-db";

/** One transaction for much work at once: nobody waits for it, so it may take longer than a page's statements. */
export async function patiently<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const Client = AttendedClient as unknown as NonNullable<PoolConfig["Client"]>;
  const pool = new Pool({ connectionString: env().DATABASE_URL, max: 1, Client, options: "-c timezone=UTC" });
  pool.on("error", () => undefined);
  const client = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
  try {
    return await client.$transaction(work, { timeout: 120_000 });
  } finally {
    await client.$disconnect();
  }
}

/** Lets the planner know what was made, before autovacuum finds the time; over a connection that may take its own. */
export async function vacuumAnalyze(): Promise<void> {
  const client = new AttendedClient({ connectionString: env().DATABASE_URL });
  await client.connect();
  await client.query("VACUUM ANALYZE").finally(() => client.end());
}
