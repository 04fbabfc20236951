import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";

import { recordIdentity } from "@/lib/platform/database/identity";

declare module "vitest" {
  export interface ProvidedContext {
    /** A database with all tables and no rows, which nobody is connected to: a copy takes a tenth of all migrations. */
    migrated: string;
  }
}

async function connected(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await work(client).finally(() => client.end());
}

/** On a busy machine the session that made it, or autovacuum, may be in it longer than PostgreSQL waits for a copy. */
async function copyMigrated(client: Client, name: string): Promise<void> {
  const migrated = inject("migrated");
  await client.query("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = $1", [migrated]);
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${migrated}`);
}

/**
 * A database for one test file alone, where it looks at all jobs or all mails: call it before anything that reads the
 * environment is imported. The answer drops it.
 */
export async function useOwnDatabase(purpose: string): Promise<() => Promise<void>> {
  const shared = String(process.env.DATABASE_URL);
  const name = `${purpose}_${randomBytes(6).toString("hex")}`;
  await connected(shared, (client) => copyMigrated(client, name));
  const url = Object.assign(new URL(shared), { pathname: `/${name}` }).href;
  // A copy is not served before somebody says that it may be.
  await connected(url, recordIdentity);
  process.env.DATABASE_URL = url;
  return () => connected(shared, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
}
