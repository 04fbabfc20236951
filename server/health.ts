import type { ServerResponse } from "node:http";

import { tryLookUp } from "@/lib/auth/credentials";
import { databaseState } from "@/lib/platform/database/state";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { missingMigrations } from "@/lib/platform/database/migrations";
import { serving } from "@/lib/platform/serving";

export interface Condition {
  readonly isStopping: boolean;
  /** Null where this process has no worker. */
  readonly worker: { isAlive(): boolean } | null;
}

/** Load balancers ask every second or so: the tables change at a deployment. */
const MIGRATIONS_GOOD_FOR_MS = 15_000;
const TIMEOUT_MS = 3000;
const RETRY_AFTER_SECONDS = 5;

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
    const names = await missingMigrations(MIGRATION_DATABASE_URL ?? DATABASE_URL, TIMEOUT_MS);
    lastKnown = names.length > 0;
    if (lastKnown) log().warn({ migrations: names }, "the database lacks migrations of this program");
  } catch (error) {
    asked = null;
    log().warn({ err: error }, "whether migrations are missing could not be read");
  }
  return lastKnown ?? true;
}

let looking: Promise<boolean> | null = null;

/** Goes the way of every request with a key: a connection of one's own may be well where theirs are dead. */
function isLookUpAnswered(): Promise<boolean> {
  looking ??= lookUp().finally(() => (looking = null));
  return looking;
}

async function lookUp(): Promise<boolean> {
  let forgo: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, TIMEOUT_MS, false);
    forgo = databaseState().onDown(() => resolve(false));
  });
  const answered = tryLookUp().then(
    () => true,
    (error: unknown) => {
      log().warn({ err: error }, "a look-up as requests make it failed: this process is not ready");
      return false;
    },
  );
  return Promise.race([answered, late]).finally(() => {
    clearTimeout(timer);
    forgo();
  });
}

async function readinessOf({ isStopping, worker }: Condition): Promise<string> {
  if (isStopping) return "stopping";
  const [isAnswered, isBehind] = databaseState().isDown()
    ? [false, false]
    : await Promise.all([isLookUpAnswered(), areMigrationsMissing()]);
  // Asked after that: looking takes seconds where the database has just gone.
  if (databaseState().isDown()) return "database unavailable";
  const refusedBecause = serving().refusedBecause();
  if (refusedBecause !== null) return refusedBecause;
  if (!isAnswered && !isBehind) return "database unavailable";
  if (worker !== null && !worker.isAlive()) return "worker stopped";
  return isBehind ? "migrations missing" : "ok";
}

/** `/healthz`: this process answers. `/readyz`: it can do its work, so a load balancer may send requests. */
export async function answerHealth(path: string, res: ServerResponse, condition: Condition): Promise<void> {
  const status = path === "/healthz" ? "ok" : await readinessOf(condition);
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  if (status === "ok") res.writeHead(200, headers);
  else res.writeHead(503, { ...headers, "Retry-After": RETRY_AFTER_SECONDS });
  res.end(JSON.stringify({ status }));
}
