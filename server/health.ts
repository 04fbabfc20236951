import type { ServerResponse } from "node:http";

import { databaseState } from "@/lib/platform/database-state";
import { env } from "@/lib/platform/env";
import { missingMigrations } from "@/lib/platform/migrations";

export interface Condition {
  readonly isStopping: boolean;
  /** Null where this process has no worker. */
  readonly worker: { isAlive(): boolean } | null;
}

/** Load balancers ask every second or so: the tables change at a deployment. */
const MIGRATIONS_GOOD_FOR_MS = 15_000;
const PATIENCE_MS = 2000;

let migrations: { readonly areMissing: Promise<boolean>; readonly askedAtMs: number } | null = null;

function areMigrationsMissing(): Promise<boolean> {
  const nowMs = performance.now();
  if (migrations === null || nowMs - migrations.askedAtMs > MIGRATIONS_GOOD_FOR_MS) {
    const { DATABASE_URL, MIGRATION_DATABASE_URL } = env();
    const asked = missingMigrations(MIGRATION_DATABASE_URL ?? DATABASE_URL, PATIENCE_MS).then((names) => names.length > 0);
    // What cannot be read is not ready, and is asked again the next time.
    migrations = { areMissing: asked.catch(() => ((migrations = null), true)), askedAtMs: nowMs };
  }
  return migrations.areMissing;
}

async function readinessOf({ isStopping, worker }: Condition): Promise<string> {
  if (isStopping) return "stopping";
  if (databaseState().isDown()) return "database unavailable";
  if (worker !== null && !worker.isAlive()) return "worker stopped";
  return (await areMigrationsMissing()) ? "migrations missing" : "ok";
}

/** `/healthz`: this process answers. `/readyz`: it can do its work, so a load balancer may send requests. */
export async function answerHealth(path: string, res: ServerResponse, condition: Condition): Promise<void> {
  const status = path === "/healthz" ? "ok" : await readinessOf(condition);
  res.writeHead(status === "ok" ? 200 : 503, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  res.end(JSON.stringify({ status }));
}
