import { randomBytes } from "node:crypto";
import { Client } from "pg";

import { deployMigrations } from "@/lib/platform/migrations";

async function asAdministrator(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/**
 * A database for one test file alone, where it looks at all jobs or all mails: call it before anything that reads the
 * environment is imported. The answer drops it.
 */
export async function useOwnDatabase(purpose: string): Promise<() => Promise<void>> {
  const shared = String(process.env.DATABASE_URL);
  const name = `${purpose}_${randomBytes(6).toString("hex")}`;
  await asAdministrator(shared, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(shared), { pathname: `/${name}` }).href;
  await deployMigrations({ url });
  process.env.DATABASE_URL = url;
  return () => asAdministrator(shared, `DROP DATABASE ${name} WITH (FORCE)`);
}
