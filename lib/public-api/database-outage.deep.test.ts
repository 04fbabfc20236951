import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";

import { startApiProcesses, type ApiProcess } from "@/bench/api-processes";
import { DatabaseProxy } from "@/e2e/database-proxy";
import { freePort } from "@/e2e/own-server";
import { SCOPES } from "@/lib/auth/scopes";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "@/lib/platform/database/embedded-postgres";
import { deployMigrations } from "@/lib/platform/database/migrations";
import { endPools } from "@/lib/platform/database/pool";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeTemporaryDirectory } from "@/testing/temporary-directory";
import { expectWholeLogs } from "@/testing/whole-logs";
import { answerCheck, type AnswerCheck } from "./document/check-answer";
import type { OpenApiDocument } from "./document/open-api";

const CONNECTIONS = 12;
const OUTAGES = 3;

let directory: string;
let postgres: EmbeddedPostgres;
let proxy: DatabaseProxy;
let api: ApiProcess;
let check: AnswerCheck;
let headers: Record<string, string>;
let accountId: number;

beforeAll(async () => {
  directory = await makeTemporaryDirectory("outage");
  postgres = await startEmbeddedPostgres({ directory });
  proxy = new DatabaseProxy(await freePort());
  await proxy.lead(postgres.port);
  process.env.DATABASE_URL = postgres.url.replace(`:${postgres.port}/`, `:${proxy.port}/`);
  await deployMigrations({ url: process.env.DATABASE_URL });
  const account = await makeAccount({ plan: "premium" });
  accountId = account.id;
  const { token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES });
  headers = { Authorization: `Token ${token}`, "Account-Token": account.token, "Content-Type": "application/json" };
  [api] = (await startApiProcesses(1)) as [ApiProcess];
  check = answerCheck((await (await fetch(`${api.address}/api/openapi.json`)).json()) as OpenApiDocument);
});
afterAll(async () => {
  await api.stop();
  await endPools();
  await proxy.shut();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Tried {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly email: string | null;
}

const tried: Tried[] = [];
const contradictions: string[] = [];
let number = 0;

async function tryOnce(): Promise<void> {
  const isWrite = number++ % 2 === 0;
  const email = isWrite ? `driver-${number}@example.com` : null;
  const startedAt = performance.now();
  const [method, path] = isWrite ? ["POST", "/api/v1/contacts"] : ["GET", "/api/v1/contacts?per_page=5"];
  const res = await fetch(api.address + path, {
    method,
    headers,
    ...(isWrite && { body: JSON.stringify({ first_name: "Dana", email }) }),
  });
  const text = await res.text();
  contradictions.push(...check({ method, path, status: res.status, headers: Object.fromEntries(res.headers), text }));
  tried.push({
    startedAt,
    endedAt: performance.now(),
    status: res.status,
    retryAfter: res.headers.get("retry-after"),
    email,
  });
}

const readiness = async () => (await fetch(`${api.address}/readyz`)).status;

async function untilReady(): Promise<number> {
  const startedAt = performance.now();
  while ((await readiness()) !== 200) await sleep(50);
  return performance.now() - startedAt;
}

it("answers 503 with Retry-After while the database is gone, recovers by itself, and leaves nothing half done", async () => {
  let isOver = false;
  const load = Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (!isOver) {
        await tryOnce();
        await sleep(5);
      }
    }),
  );
  const recoveries: number[] = [];
  const away: { from: number; to: number }[] = [];
  for (let outage = 0; outage < OUTAGES; outage++) {
    await sleep(2000);
    const from = performance.now();
    // The server goes in the middle of what it is doing; then nobody is at its address.
    await Promise.all([postgres.stop(), sleep(30).then(() => proxy.shut())]);
    await sleep(3000);
    expect((await fetch(`${api.address}/healthz`)).status).toBe(200);
    expect(await readiness()).toBe(503);
    postgres = await startEmbeddedPostgres({ directory });
    away.push({ from, to: performance.now() });
    await proxy.lead(postgres.port);
    recoveries.push(await untilReady());
  }
  await sleep(2000);
  isOver = true;
  await load;

  const refused = tried.filter(({ status }) => status === 503);
  const made = tried.filter(({ status }) => status === 201);
  const late = tried.filter(({ startedAt, status }) => startedAt > (away.at(-1)?.to ?? 0) + 5000 && status === 503);
  // What was under way when the database went counts from then on: a process writes slowly for the first time.
  const goneAt = ({ endedAt }: Tried) => Math.max(...away.map(({ from }) => (from < endedAt ? from : 0)));
  const slowest = Math.max(...refused.map((each) => each.endedAt - Math.max(each.startedAt, goneAt(each))));
  console.log({
    tried: tried.length,
    refused: refused.length,
    made: made.length,
    slowestRefusalMs: Math.round(slowest),
    recoveriesMs: recoveries.map(Math.round),
  });
  expect([...new Set(tried.map(({ status }) => status))].sort()).toEqual([200, 201, 503]);
  expect(contradictions).toEqual([]);
  expect(new Set(refused.map(({ retryAfter }) => retryAfter))).toEqual(new Set(["5"]));
  expect(slowest).toBeLessThan(3000);
  expect(Math.max(...recoveries)).toBeLessThan(5000);
  expect(late).toEqual([]);
  expect(tried.some(({ startedAt, status }) => startedAt > (away.at(-1)?.to ?? 0) && status === 201)).toBe(true);

  const contacts = await bookkeepingDb().contact.findMany({ where: { accountId }, select: { id: true, email: true } });
  const entries = await bookkeepingDb().auditEntry.findMany({
    where: { accountId, action: "contact.created" },
    select: { recordId: true },
  });
  const kept = new Set(contacts.map(({ email }) => email));
  expect(made.filter(({ email }) => !kept.has(email))).toEqual([]);
  // A record and its audit entry stand or fall together.
  expect(entries.map(({ recordId }) => Number(recordId)).sort((a, b) => a - b)).toEqual(
    contacts.map(({ id }) => id).sort((a, b) => a - b),
  );
  await expectWholeLogs();
});
