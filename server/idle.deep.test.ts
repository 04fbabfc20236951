import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { freePort } from "@/testing/free-port";
import { useOwnDatabase } from "@/testing/own-database";
import type { RunningServer } from "./main";

/** A second, of the whole process. */
const MOST = 2;
/** What comes each half minute or more rarely, and so may be in no window: lost jobs, idle deliveries, false waits. */
const RARELY = 0.16;
const WINDOW_SECONDS = 10;
/** Where a busy machine lets the watch's answer be late, another connection is made, which has to be introduced. */
const WINDOWS = 5;

let dropDatabase: () => Promise<void>;
let server: RunningServer;
let watching: Client;

beforeAll(async () => {
  dropDatabase = await useOwnDatabase("idle");
  watching = new Client({ connectionString: process.env.DATABASE_URL });
  await watching.connect();
  const settings = { PORT: String(await freePort()), HOST: "127.0.0.1", HUB_ROLES: "api,worker" };
  Object.assign(process.env, { ...settings, RATE_LIMIT_STORE: "memory" });
  const { startServer } = await import("./main");
  server = await startServer();
  // The first round of all that is done by the clock.
  await vi.waitFor(async () => expect((await watching.query("SELECT FROM cron_ticks")).rowCount).toBeGreaterThan(0), {
    timeout: 30_000,
  });
  await queueIsEmpty();
}, 60_000);
afterAll(async () => {
  await server.close();
  await watching.end();
  await dropDatabase();
});

/** So many statements this process sends during some work, those of the test's own connection left out. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const sent = vi.spyOn(Client.prototype, "query");
  await work();
  const count = sent.mock.contexts.filter((client) => client !== watching).length;
  sent.mockRestore();
  return count;
}

const queueIsEmpty = () =>
  vi.waitFor(
    async () => {
      const { rows } = await watching.query(
        "SELECT FROM graphile_worker._private_jobs WHERE locked_at IS NOT NULL OR run_at <= now()",
      );
      expect(rows).toEqual([]);
    },
    { timeout: 30_000, interval: 50 },
  );

/** What the jobs by the clock cost a second, each as often as it comes. */
async function clockPerSecond(): Promise<number> {
  const { CRONTAB } = await import("./worker");
  let perSecond = 0;
  for (const everyMinutes of new Set(CRONTAB.map((line) => line.everyMinutes))) {
    const names = CRONTAB.filter((line) => line.everyMinutes === everyMinutes).map(({ job }) => job.name);
    const statements = await statementsOf(async () => {
      await watching.query("SELECT graphile_worker.add_job(name, '{}') FROM unnest($1::text[]) AS name", [names]);
      await queueIsEmpty();
    });
    perSecond += statements / (60 * everyMinutes);
  }
  return perSecond;
}

it("a hub that nobody asks anything sends two statements a second at most", async () => {
  const byTheClock = await clockPerSecond();
  const perSecond: number[] = [];
  do {
    const statements = await statementsOf(() => sleep(WINDOW_SECONDS * 1000));
    perSecond.push(statements / WINDOW_SECONDS + byTheClock);
  } while (Math.min(...perSecond) > MOST - RARELY && perSecond.length < WINDOWS);
  console.log({ byTheClock, perSecond });
  // It is at work: the watch alone asks each second.
  expect(Math.min(...perSecond)).toBeGreaterThan(0.5);
  expect(Math.min(...perSecond)).toBeLessThanOrEqual(MOST - RARELY);
}, 120_000);
