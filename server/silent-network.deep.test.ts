import { spawn } from "node:child_process";
import { createServer, type AddressInfo, type Server } from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startApiProcesses, type ApiProcess } from "@/bench/api-processes";
import { buildPrograms } from "@/bench/processes";
import { DatabaseProxy } from "@/e2e/database-proxy";
import { WatchdogClient } from "@/lib/platform/database/watchdog-client";
import { freePort } from "@/testing/free-port";

/** The promise (decision 43). On a quiet machine 4.3 s at most; the rest is for a busy one, as is what a test adds. */
const NOTICED_MS = 5000 + 1000;
const HOLE_MS = 5000;

// Past the door: what is asked here is not what is under test.
const direct = String(process.env.DATABASE_URL);
process.env.RATE_LIMIT_STORE = "postgres";
let proxy: DatabaseProxy;
/** Several look at once: each has a connection of its own. */
let watching: Pool;
let api: ApiProcess;
let headers: Record<string, string>;
let throughDoor: string;

beforeAll(async () => {
  const address = new URL(direct);
  proxy = new DatabaseProxy(await freePort());
  await proxy.lead(Number(address.port));
  address.port = String(proxy.port);
  throughDoor = address.href;
  process.env.DATABASE_URL = throughDoor;
  watching = new Pool({ connectionString: direct });
  const { SCOPES } = await import("@/lib/auth/scopes");
  const { makeAccount, makeApiKey, makePerson } = await import("@/prisma/factories/accounts-and-keys");
  const account = await makeAccount({ plan: "premium" });
  const { token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES });
  headers = { Authorization: `Token ${token}`, "Account-Token": account.token, "Content-Type": "application/json" };
  // Counts in its own memory: it must be alone, and hold its place.
  [api] = (await startApiProcesses(1, { RATE_LIMIT_STORE: "memory", HUB_ROLES: "api,worker" })) as [ApiProcess];
});
afterAll(async () => {
  const { expectWholeLogs } = await import("@/testing/whole-logs");
  // The last hole left connections of this process silent too.
  await Promise.all((await inThisProcess()).map(until));
  await expectWholeLogs();
  const { endPools } = await import("@/lib/platform/database/pool");
  const { databaseState } = await import("@/lib/platform/database/state");
  await databaseState().stop();
  await endPools();
  await watching.end();
  await proxy.shut();
});

/** Tries until it works; the answer is how long that took. */
async function until(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (;;) {
    const worked = await work().then(
      (answer) => answer !== false,
      () => false,
    );
    if (worked) return performance.now() - began;
    expect(performance.now() - began, "it never worked again").toBeLessThan(30_000);
    await sleep(50);
  }
}

const reads = async () => (await fetch(`${api.address}/api/v1/contacts?per_page=5`, { headers })).status === 200;
const writes = async () => {
  const body = JSON.stringify({ first_name: "Dana" });
  return (await fetch(`${api.address}/api/v1/contacts`, { method: "POST", headers, body })).status === 201;
};
const isReady = async () => (await fetch(`${api.address}/readyz`)).status === 200;

async function doJob(key = "silent"): Promise<void> {
  await watching.query("SELECT graphile_worker.add_job('idempotentAnswers.forget', '{}', job_key => $1)", [key]);
  await until(
    async () => (await watching.query("SELECT FROM graphile_worker.jobs WHERE key = $1", [key])).rowCount === 0,
  );
}

/** Whether a job is done sooner than the worker would look for it unasked: every 5 seconds, on average after half of that. */
async function isCalled(): Promise<boolean> {
  const began = performance.now();
  await doJob("called");
  return performance.now() - began < 1000;
}

/** Whether such a session was begun since. */
async function isNew(condition: string, since: Date): Promise<boolean> {
  const text = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_start > $1 AND ${condition}`;
  return (await watching.query(text, [since])).rowCount === 1;
}
const databaseNow = async () => (await watching.query<{ now: Date }>("SELECT clock_timestamp() AS now")).rows[0]?.now;

/** A statement of a migration, which has no limit; how it ended. */
async function longStatement(url: string, text: string): Promise<{ ended: Promise<string | undefined> }> {
  const client = new WatchdogClient({ connectionString: url });
  await client.connect();
  const ended = client.query(text).then(
    () => "answered",
    (error: unknown) => (error as { code?: string }).code,
  );
  return { ended: ended.finally(() => void client.end()) };
}

async function inThisProcess() {
  const { countRequest } = await import("@/lib/public-api/rate-limiter");
  const { databaseNow: now } = await import("@/lib/platform/database/db");
  const subject = { apiKeyId: 1, accountId: 1, plan: "premium", ownQuota: null } as const;
  return [() => countRequest(subject), now];
}

it("is over within 5 seconds where the network forgot its connections: API, jobs and their wake-up, the place, the shared counter, pages' reads", async () => {
  const own = await inThisProcess();
  await Promise.all([...own.map((work) => work()), doJob(), until(reads), until(writes), until(isReady)]);
  const since = await databaseNow();
  if (since === undefined) throw new Error("no time");
  const [lasting, lost] = await Promise.all([
    longStatement(direct, "SELECT pg_sleep(6)"),
    longStatement(throughDoor, "SELECT pg_sleep(2)"),
  ]);
  proxy.forget();
  const took = await Promise.all([
    until(reads),
    until(writes),
    until(isReady),
    ...own.map(until),
    until(() => doJob()),
    until(isCalled),
    until(() =>
      isNew(
        "application_name LIKE 'hub place %' AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')",
        since,
      ),
    ),
  ]);
  console.log({ forgottenMs: took.map(Math.round) });
  // A session that is at work is waited for; one that has answered, and was not heard, is not.
  expect([await lasting.ended, await lost.ended]).toEqual(["answered", "ETIMEDOUT"]);
  expect(Math.max(...took)).toBeLessThan(NOTICED_MS);
});

it("answers 503 in a black hole, is not ready, and is back within 5 seconds of its end", async () => {
  const own = await inThisProcess();
  const long = await longStatement(throughDoor, "SELECT pg_sleep(60)");
  proxy.swallow();
  const began = performance.now();
  const answers = await Promise.all(
    ["/api/v1/contacts", "/readyz"].map((path) => fetch(api.address + path, { headers })),
  );
  expect(performance.now() - began).toBeLessThan(NOTICED_MS);
  expect(answers.map(({ status, headers: head }) => [status, head.get("retry-after")])).toEqual([
    [503, "5"],
    [503, "5"],
  ]);
  // Nobody tells whether it is at work: it is waited for no more.
  expect(await long.ended).toBe("ETIMEDOUT");
  expect(performance.now() - began).toBeLessThan(NOTICED_MS);
  await sleep(HOLE_MS - (performance.now() - began));
  proxy.serve();
  const took = await Promise.all([
    until(reads),
    until(writes),
    until(isReady),
    ...own.map(until),
    until(() => doJob()),
  ]);
  console.log({ swallowedMs: took.map(Math.round) });
  expect(Math.max(...took)).toBeLessThan(NOTICED_MS);
});

it("stops within 12 seconds in a black hole, with requests in flight", async () => {
  await Promise.all([until(reads), until(writes)]);
  proxy.swallow();
  const inFlight = [1, 2, 3].map(() => fetch(`${api.address}/api/v1/contacts`, { headers }).catch(() => null));
  await sleep(200);
  const began = performance.now();
  await api.stop();
  const took = performance.now() - began;
  console.log({ stopMs: Math.round(took) });
  expect(took).toBeLessThan(12_000 + 3000);
  await Promise.all(inFlight);
  proxy.serve();
});

describe("a start against a database that accepts and never answers", () => {
  let silent: Server;
  let url: string;

  beforeAll(async () => {
    silent = createServer((socket) => socket.on("error", () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    url = `postgresql://hub:secret-word@127.0.0.1:${(silent.address() as AddressInfo).port}/hub`;
  });
  afterAll(() => silent.close());

  const run = (...args: string[]) => outputOf(["scripts/run.mjs", ...args]);

  /** What `npm start` does once everything is built. */
  async function serveThere() {
    await buildPrograms(["scripts/serve.ts"]);
    const built = pathToFileURL(path.resolve(".build/bench/scripts/serve.mjs")).href;
    const text = `const { serve } = await import(${JSON.stringify(built)}); await serve();`;
    return outputOf(["--input-type=module", "--eval", text]);
  }

  async function outputOf(args: string[]) {
    const env = { ...process.env, DATABASE_URL: url, PORT: String(await freePort()), NODE_ENV: "development" };
    const child = spawn(process.execPath, args, { env: env as NodeJS.ProcessEnv });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    return { code, output };
  }

  it("ends with a sentence, as each script does", async () => {
    const began = performance.now();
    const ends = await Promise.all([
      run("scripts/migrate.ts", "deploy"),
      run("scripts/audit-verify.ts"),
      run("scripts/partner-create.ts", "--name", "Northwind", "--owner", "olivia@northwind.example"),
      run("scripts/api-key-limit.ts", "--id", "1", "--per-minute", "5"),
      run("scripts/outbox.ts"),
      run("scripts/after-restore.ts"),
      serveThere(),
    ]);
    const tookMs = performance.now() - began;
    console.log({ startsMs: Math.round(tookMs) });
    // Each is built first, beside the others.
    expect(tookMs).toBeLessThan(NOTICED_MS + 30_000);
    for (const { code, output } of ends) {
      expect(code).toBe(1);
      expect(output).toContain(`The database at ${new URL(url).host} does not answer`);
      expect(output).not.toMatch(/\n\s+at |secret-word/);
    }
  });
});
