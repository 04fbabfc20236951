import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "@/lib/platform/embedded-postgres";
import { deployMigrations } from "@/lib/platform/migrations";
import { makeTemporaryDirectory } from "./temporary-directory";

declare module "vitest" {
  export interface ProvidedContext {
    environment: Record<string, string>;
  }
}

/** One database for the whole run: each test makes its own account in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await findDatabase();
  try {
    await deployMigrations({ url });
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("environment", {
    DATABASE_URL: url,
    AUTH_SECRET: randomBytes(36).toString("base64"),
    AUDIT_SECRET: randomBytes(36).toString("base64"),
    APP_URL: "http://localhost:3000",
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
  });
  return stop;
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
