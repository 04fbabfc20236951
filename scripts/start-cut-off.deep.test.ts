import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterAll, describe, it } from "vitest";
import { findOwner, findRunningPostgres } from "@/lib/platform/database/embedded-postgres";
import { freePort } from "@/testing/free-port";

const POLL = { timeout: 120_000, interval: 5 };
const A_STACK = /\n\s+at .+:\d+/;

interface Start {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

const made: { directory: string; starts: Start[] }[] = [];

async function start(directory: string): Promise<Start> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(DATABASE_URL|APP_URL|HOST|AUTH_|AUDIT_|LOG_LEVEL|VITEST)/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), PORT: String(await freePort()), LOG_LEVEL: "warn" };
  const child = spawn(process.execPath, ["scripts/start.mjs", "--data", directory], {
    env: env as unknown as NodeJS.ProcessEnv,
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const started = { child, output: () => output, ended };
  made.find((one) => one.directory === directory)?.starts.push(started);
  return started;
}

/** How many rows the hub's own database has of this, by way of its running server. */
async function count(directory: string, from: string): Promise<number> {
  let client: Client | undefined;
  try {
    const url = await findRunningPostgres(directory);
    if (url === null) return -1;
    client = new Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    return Number((await client.query<{ count: string }>(`SELECT count(*) FROM ${from}`)).rows[0]?.count);
  } catch {
    return -1;
  } finally {
    await client?.end().catch(() => undefined);
  }
}

/** In the order of a start: each is reached by a start that goes on where the one before was cut off. */
const INSTANTS: [string, (directory: string, hub: Start) => Promise<boolean> | boolean][] = [
  ["the database is being made", (directory) => readdirSync(directory).length > 0],
  ["migrations begin", (_, hub) => / {2}Database {2,}\w+ /.test(hub.output())],
  [
    "migrations are half-way",
    async (directory) => (await count(directory, "_prisma_migrations WHERE finished_at IS NOT NULL")) >= 4,
  ],
  ["demo data begins", (_, hub) => / {2}Migrations /.test(hub.output())],
  ["demo data is half-way", async (directory) => (await count(directory, "accounts")) >= 3],
];

afterAll(async () => {
  for (const { directory, starts } of made.splice(0)) {
    for (const { child } of starts) if (child.exitCode === null) child.kill("SIGTERM");
    await Promise.all(starts.map(({ ended }) => ended));
    rmSync(directory, { recursive: true, force: true });
  }
});

describe.concurrent("a first start that is cut off at five instants", () => {
  it.for(["SIGINT", "SIGKILL"] as const)("by %s is finished by the next one", async (signal, { expect }) => {
    const directory = mkdtempSync(path.join(tmpdir(), "hub-cut-off-"));
    made.push({ directory, starts: [] });
    for (const [instant, isReached] of INSTANTS) {
      const hub = await start(directory);
      await expect
        .poll(async () => hub.child.exitCode !== null || (await isReached(directory, hub)), {
          ...POLL,
          message: instant,
        })
        .toBe(true);
      expect(hub.child.exitCode, hub.output()).toBeNull();
      process.kill(-(hub.child.pid ?? 0), signal);
      await hub.ended;
      expect(hub.output(), instant).not.toMatch(A_STACK);
      if (signal === "SIGINT") {
        expect(hub.output(), instant).toContain("Stopped before it was ready: the next start finishes what was begun.");
        expect(findOwner(directory)).toBeNull();
      }
    }
    const last = await start(directory);
    await expect.poll(last.output, POLL).toContain("Ctrl-C stops it");
    expect(last.output()).toContain("Sign in as owner@northwind.example");
    expect(last.output()).toContain("An API key made for the demo");
    expect(await count(directory, "users WHERE email = 'owner@cascadia.example'")).toBe(1);
    expect(readdirSync(directory).filter((name) => /-\d+$/.test(name))).toEqual([]);
  });
});
