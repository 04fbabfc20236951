import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { ApiPlaceTakenError } from "@/lib/platform/api-instance";
import { BoundedClient } from "@/lib/platform/bounded-client";
import { DatabaseRefusal } from "@/lib/platform/database-check";
import { EmbeddedPostgresError, findOwner } from "@/lib/platform/embedded-postgres";
import { readEnvironment } from "@/lib/platform/env";
import { readObjection } from "@/lib/platform/database-identity";
import { deployMigrations } from "@/lib/platform/migrations";
import { SchemaContractError } from "@/lib/platform/schema-contract";
import { serving } from "@/lib/platform/serving";
import type { OutboxPlace } from "@/lib/platform/outbox";
import { assumeEmbeddedDefaults, databaseComplaint, openDatabase } from "./local-database";
import { Refusal, step, terminal } from "./steps.mjs";

/** Longer than the server gives its requests and jobs: whoever waits still for something then waits in vain. */
const STOP_PATIENCE_MS = 25_000;

/** Tells a second start where the first one is. */
const RUNNING = "running.json";

type Cleanup = () => Promise<void> | void;

/** Database, migrations, demo data, server: everything of `npm start` that needs packages. */
export async function serve(directory = ".data"): Promise<void> {
  const cleanups: Cleanup[] = [];
  const stop = stopper(cleanups);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
  try {
    await bringUp(directory, cleanups);
  } catch (error) {
    terminal.error(foreseen(error) ? error.message : ((await databaseComplaint(error)) ?? error));
    await stop(1);
  }
}

async function bringUp(directory: string, cleanups: Cleanup[]): Promise<void> {
  const embedded = assumeEmbeddedDefaults(directory);
  const { HOST, PORT, APP_URL } = checkedEnvironment(embedded);
  if (embedded) refuseSecondHub(directory);
  // Loading the server takes as long as starting the database: both at once.
  const loading = import("@/server/main");
  loading.catch(() => undefined);
  await step("Database", async () => {
    const database = await openDatabase(directory);
    cleanups.push(database.stop);
  });
  await refuseTakenPort(PORT, HOST);
  await step("Migrations", migrate);
  const demoToken = embedded ? await fillEmptyDatabase() : null;

  await step("Listening", async () => {
    const { startServer } = await loading;
    const server = await startServer();
    cleanups.push(() => server.close());
  });
  if (embedded) {
    const running = path.join(directory, RUNNING);
    writeFileSync(running, JSON.stringify({ pid: process.pid, address: APP_URL }));
    cleanups.push(() => rmSync(running, { force: true }));
  }
  const refusedBecause = serving().refusedBecause();
  terminal.log(refusedBecause ?? welcome({ appUrl: APP_URL, embedded, demoToken, outbox: await outboxAtHome() }));
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
    setTimeout(() => process.exit(1), STOP_PATIENCE_MS + drainMs).unref();
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
  return applied.length > 0;
}

/** The demo's API key when the data has just been made, else null. */
async function fillEmptyDatabase(): Promise<string | null> {
  const client = new BoundedClient({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const isToBeFilled = async () =>
    (await client.query("SELECT 1 FROM accounts LIMIT 1")).rowCount === 0 && (await readObjection(client)) === null;
  if (!(await isToBeFilled().finally(() => client.end()))) return null;
  let token: string | null = null;
  await step("Demo data", async () => {
    const { seedDemo } = await import("@/prisma/seed");
    token = (await seedDemo()).demoToken;
  });
  return token;
}

async function refuseTakenPort(port: number, host: string | undefined): Promise<void> {
  const probe = createServer();
  const code = await new Promise<string | null>((resolve) => {
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => resolve(null));
  });
  await new Promise((resolve) => probe.close(resolve));
  if (code === "EADDRINUSE")
    throw new Refusal(
      `Port ${port} is in use by another program: choose another one, such as PORT=${port + 1} npm start.`,
    );
  if (code) throw new Refusal(`Cannot listen on HOST=${host ?? ""}, PORT=${port} (${code}).`);
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
  const { hasOutboxPage, isOutboxOn } = await import("@/lib/platform/outbox");
  if (!isOutboxOn()) return null;
  return hasOutboxPage() ? "page" : "terminal";
}

function foreseen(error: unknown): error is Error {
  return [Refusal, DatabaseRefusal, EmbeddedPostgresError, SchemaContractError, ApiPlaceTakenError].some(
    (kind) => error instanceof kind,
  );
}

/** The outbox holds links that sign in: its page is for this machine alone, and through a proxy everybody would be it. */
function wayToTheOutbox(appUrl: string, embedded: boolean, outbox: OutboxPlace): string[] {
  const arrives = embedded
    ? "Sign in as owner@northwind.example; the link arrives in the local outbox"
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

function welcome({
  appUrl,
  embedded,
  demoToken,
  outbox,
}: {
  appUrl: string;
  embedded: boolean;
  demoToken: string | null;
  outbox: OutboxPlace | null;
}): string {
  const lines = ["", `Fleet Advisor Hub is ready: ${appUrl}`];
  if (outbox !== null) lines.push("", ...wayToTheOutbox(appUrl, embedded, outbox));
  if (demoToken) {
    lines.push(
      "",
      "An API key made for the demo, shown this once. Paste this:",
      "",
      `  curl -H "Authorization: Token ${demoToken}" ${appUrl}/api/v1/api_key`,
    );
  }
  lines.push("", "Ctrl-C stops it.");
  return lines.join("\n");
}
