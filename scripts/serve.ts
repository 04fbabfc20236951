import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { InstanceLockTakenError } from "@/lib/platform/database/instance-lock";
import { BoundedClient } from "@/lib/platform/database/bounded-client";
import { DatabaseRefusal } from "@/lib/platform/database/check";
import { fillWhole } from "@/lib/platform/database/embedded-database";
import { EmbeddedPostgresError, findOwner } from "@/lib/platform/database/embedded-postgres";
import { readObjection } from "@/lib/platform/database/identity";
import { readEnvironment, type Environment } from "@/lib/platform/env";
import { listenAt, listeningPlaces } from "@/lib/platform/listening";
import { deployMigrations } from "@/lib/platform/database/migrations";
import { MissingKeyError, refuseMissingKeys } from "@/lib/platform/database/key-canaries";
import { SchemaContractError } from "@/lib/platform/database/schema-contract";
import { serving } from "@/lib/platform/serving";
import type { OutboxPlace } from "@/lib/platform/mail/outbox";
import { writeAtomically } from "@/lib/platform/atomic-file";
import { assumeEmbeddedDefaults, databaseComplaint, openDatabase } from "./local-database";
import { Refusal, fileComplaint, step, terminal } from "./steps.mjs";

/** Longer than the server gives its requests and jobs: whoever waits still for something then waits in vain. */
const STOP_TIMEOUT_MS = 25_000;

const DEMO_OWNER = "owner@northwind.example";

/** Tells a second start where the first one is. */
const RUNNING = "running.json";

type Cleanup = () => Promise<void> | void;

/** Database, migrations, demo data, server: everything of `npm start` that needs packages. */
export async function serve(directory = ".data"): Promise<void> {
  const cleanups: Cleanup[] = [];
  const stop = stopper(cleanups);
  let [isReady, isStopping] = [false, false];
  const onSignal = () => {
    if (!isReady && !isStopping) terminal.log("  Stopped before it was ready: the next start finishes what was begun.");
    isStopping = true;
    void stop(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  try {
    await bringUp(directory, cleanups);
    isReady = true;
  } catch (error) {
    // What was cut off complains of it: that is no news to whoever did it.
    if (isStopping) return;
    terminal.error(
      foreseen(error) ? error.message : (fileComplaint(error) ?? (await databaseComplaint(error)) ?? error),
    );
    await stop(1);
  }
}

async function bringUp(directory: string, cleanups: Cleanup[]): Promise<void> {
  const embedded = assumeEmbeddedDefaults(directory);
  const settings = checkedEnvironment(embedded);
  if (embedded) refuseSecondHub(directory);
  // Loading the server takes as long as starting the database: both at once.
  const loading = import("@/server/main");
  loading.catch(() => undefined);
  await step("Database", async () => {
    const opening = openDatabase(directory);
    // From the first instant: PostgreSQL is in a session of its own, and would outlive a process that ends meanwhile.
    if (embedded) cleanups.push(async () => (await opening.catch(() => null))?.stop());
    await opening;
  });
  await refuseTakenPort(settings);
  await step("Migrations", migrate);
  const demo = embedded ? await withClient(fillEmptyDatabase) : null;

  await step("Listening", async () => {
    const { startServer } = await loading;
    const starting = startServer();
    cleanups.push(async () => (await starting.catch(() => null))?.close());
    await starting;
  });
  if (embedded) {
    const running = path.join(directory, RUNNING);
    writeAtomically(running, JSON.stringify({ pid: process.pid, address: settings.APP_URL }));
    cleanups.push(() => rmSync(running, { force: true }));
  }
  const refusedBecause = serving().refusedBecause();
  terminal.log(refusedBecause ?? welcome({ appUrl: settings.APP_URL, demo, outbox: await outboxAtHome() }));
}

function checkedEnvironment(embedded: boolean) {
  try {
    // The embedded database has no address before it runs.
    return readEnvironment(embedded ? { ...process.env, DATABASE_URL: "postgresql://hub@127.0.0.1/hub" } : process.env);
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
}

/** Stops in the reverse order of starting, once, however often Ctrl-C is pressed (npm passes it on as well). */
function stopper(cleanups: Cleanup[]): (exitCode: number) => Promise<void> {
  let stopping: Promise<void> | undefined;
  const run = async (exitCode: number) => {
    const drainMs = 1000 * (Number(process.env.DRAIN_SECONDS) || 0);
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS + drainMs).unref();
    for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) {
      try {
        await cleanup();
      } catch (error) {
        terminal.error(error);
      }
    }
    process.exit(exitCode);
  };
  return (exitCode) => (stopping ??= run(exitCode));
}

async function migrate(): Promise<boolean> {
  const appUrl = process.env.DATABASE_URL ?? "";
  const applied = await deployMigrations({ url: process.env.MIGRATION_DATABASE_URL || appUrl, appUrl });
  await withClient(refuseMissingKeys);
  return applied.length > 0;
}

async function withClient<T>(work: (client: BoundedClient) => Promise<T>): Promise<T> {
  const client = new BoundedClient({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

interface Demo {
  /** Shown once: when it has just been made. */
  readonly token: string | null;
}

/** Null where the database holds other data than the demo's. */
async function fillEmptyDatabase(client: BoundedClient): Promise<Demo | null> {
  const { rows } = await client.query<{ isFilled: boolean; isDemo: boolean }>(
    'SELECT EXISTS (SELECT FROM accounts) AS "isFilled", EXISTS (SELECT FROM users WHERE email = $1) AS "isDemo"',
    [DEMO_OWNER],
  );
  if (rows[0]?.isFilled) return rows[0].isDemo ? { token: null } : null;
  if ((await readObjection(client)) !== null) return null;
  let token: string | null = null;
  await step("Demo data", async () => {
    const { seedDemo } = await import("@/prisma/seed");
    token = (await fillWhole(client, seedDemo)).demoToken;
  });
  return { token };
}

async function refuseTakenPort(settings: Environment): Promise<void> {
  const { HOST, PORT } = settings;
  const probe = createServer();
  try {
    const closeDoors = await listenAt(probe, PORT, listeningPlaces(settings));
    await Promise.all([closeDoors(), new Promise((resolve) => probe.close(resolve))]);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new Refusal(
      code === "EADDRINUSE"
        ? `Port ${PORT} is in use by another program: choose another one, such as PORT=${PORT + 1} npm start.`
        : `Cannot listen on HOST=${HOST ?? ""}, PORT=${PORT} (${code}).`,
    );
  }
}

/** @throws Refusal when a live process has this directory's database open. */
export function refuseSecondHub(directory: string): void {
  const owner = process.env.DATABASE_URL ? null : findOwner(directory);
  if (owner === null) return;
  let address = "";
  try {
    address = ` at ${(JSON.parse(readFileSync(path.join(directory, RUNNING), "utf8")) as { address: string }).address}`;
  } catch {
    // It has not come that far yet.
  }
  throw new Refusal(`Fleet Advisor Hub already runs${address} (process ${owner}).`);
}

/** Where the mails of a hub that sends none are read on its own machine. */
async function outboxAtHome(): Promise<OutboxPlace | null> {
  const { hasOutboxPage, isOutboxOn } = await import("@/lib/platform/mail/outbox");
  if (!isOutboxOn()) return null;
  return hasOutboxPage() ? "page" : "terminal";
}

function foreseen(error: unknown): error is Error {
  return [
    Refusal,
    DatabaseRefusal,
    EmbeddedPostgresError,
    SchemaContractError,
    InstanceLockTakenError,
    MissingKeyError,
  ].some((kind) => error instanceof kind);
}

/** The outbox holds links that sign in: its page is for this machine alone, and through a proxy everybody would be it. */
function wayToTheOutbox(appUrl: string, demo: Demo | null, outbox: OutboxPlace): string[] {
  const arrives = demo
    ? `Sign in as ${DEMO_OWNER}; the link arrives in the local outbox`
    : "Mails stay in the local outbox";
  if (outbox === "terminal")
    return [
      `${arrives}. It has no page, as APP_URL is not this machine alone: npm run outbox prints the newest mails here.`,
    ];
  return [
    `${arrives}: ${appUrl}/outbox`,
    "Through a proxy or a tunnel there is no such page: npm run outbox prints it here.",
  ];
}

function welcome({ appUrl, demo, outbox }: { appUrl: string; demo: Demo | null; outbox: OutboxPlace | null }): string {
  const lines = ["", `Fleet Advisor Hub is ready: ${appUrl}`];
  if (outbox !== null) lines.push("", ...wayToTheOutbox(appUrl, demo, outbox));
  if (demo?.token) {
    lines.push(
      "",
      "An API key made for the demo, shown this once. Paste this:",
      "",
      `  curl -H "Authorization: Token ${demo.token}" ${appUrl}/api/v1/api_key`,
    );
  }
  lines.push("", "Ctrl-C stops it.");
  return lines.join("\n");
}
