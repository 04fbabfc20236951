import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "@/lib/platform/database/embedded-postgres";
import { deployMigrations } from "@/lib/platform/database/migrations";
import { makeTemporaryDirectory } from "./temporary-directory";

declare module "vitest" {
  export interface ProvidedContext {
    environment: Record<string, string>;
  }
}

/** One database for the whole run: each test makes its own account in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await findDatabase();
  let migrated: Migrated;
  try {
    migrated = await makeMigrated(url);
    await deployMigrations({ url });
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("migrated", migrated.name);
  project.provide("environment", {
    DATABASE_URL: url,
    AUTH_SECRET: randomBytes(36).toString("base64"),
    AUDIT_SECRET: randomBytes(36).toString("base64"),
    APP_URL: "http://localhost:3000",
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
  });
  return () => migrated.drop().finally(stop);
}

interface Migrated {
  readonly name: string;
  readonly drop: () => Promise<void>;
}

/** What `useOwnDatabase` copies: nobody may be connected to it then, so it is another one than all share. */
async function makeMigrated(url: string): Promise<Migrated> {
  const name = `migrated_${randomBytes(6).toString("hex")}`;
  const asAdministrator = async (statement: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await asAdministrator(`CREATE DATABASE ${name}`);
  await deployMigrations({ url: Object.assign(new URL(url), { pathname: `/${name}` }).href });
  return { name, drop: () => asAdministrator(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function findDatabase(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: () => Promise.resolve() };
  const directory = await makeTemporaryDirectory("unit");
  const postgres = await startEmbeddedPostgres({ directory, throwaway: true });
  const stop = async () => {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { url: postgres.url, stop };
}
