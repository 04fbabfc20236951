import type { ServerResponse } from "node:http";

import { databaseState } from "@/lib/platform/database-state";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { missingMigrations } from "@/lib/platform/migrations";
import { serving } from "@/lib/platform/serving";

export interface Condition {
  readonly isStopping: boolean;
  /** Null where this process has no worker. */
  readonly worker: { isAlive(): boolean } | null;
}

/** Load balancers ask every second or so: the tables change at a deployment. */
const MIGRATIONS_GOOD_FOR_MS = 15_000;
const PATIENCE_MS = 3000;

let asked: { readonly answer: Promise<boolean>; readonly atMs: number } | null = null;
let lastKnown: boolean | null = null;

function areMigrationsMissing(): Promise<boolean> {
  const nowMs = performance.now();
  if (asked === null || nowMs - asked.atMs > MIGRATIONS_GOOD_FOR_MS) asked = { answer: lookForMissing(), atMs: nowMs };
  return asked.answer;
}

/** A database too busy to say has not lost its tables: then what it said before counts. */
async function lookForMissing(): Promise<boolean> {
  const { DATABASE_URL, MIGRATION_DATABASE_URL } = env();
  try {
    const names = await missingMigrations(MIGRATION_DATABASE_URL ?? DATABASE_URL, PATIENCE_MS);
    lastKnown = names.length > 0;
    if (lastKnown) log().warn({ migrations: names }, "the database lacks migrations of this program");
  } catch (error) {
    asked = null;
    log().warn({ err: error }, "whether migrations are missing could not be read");
  }
  return lastKnown ?? true;
}

async function readinessOf({ isStopping, worker }: Condition): Promise<string> {
  if (isStopping) return "stopping";
  const isBehind = !databaseState().isDown() && (await areMigrationsMissing());
  // Asked after that: looking takes seconds where the database has just gone.
  if (databaseState().isDown()) return "database unavailable";
  const refusedBecause = serving().refusedBecause();
  if (refusedBecause !== null) return refusedBecause;
  if (worker !== null && !worker.isAlive()) return "worker stopped";
  return isBehind ? "migrations missing" : "ok";
}

/** `/healthz`: this process answers. `/readyz`: it can do its work, so a load balancer may send requests. */
export async function answerHealth(path: string, res: ServerResponse, condition: Condition): Promise<void> {
  const status = path === "/healthz" ? "ok" : await readinessOf(condition);
  res.writeHead(status === "ok" ? 200 : 503, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  res.end(JSON.stringify({ status }));
}
