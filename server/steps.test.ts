import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";

import { parseHostException } from "@/lib/platform/outside/address-guard";
import { useOwnDatabase } from "@/testing/own-database";

// Its worker takes every job: a database of its own.
const dropDatabase = await useOwnDatabase("runs");
const { startWorker } = await import("./worker");
const { defineStep } = await import("@/lib/jobs/define-step");
const { queueSteps, stepPlaces } = await import("@/lib/jobs/take-steps");
const { databaseNow, db } = await import("@/lib/platform/database/db");
const { endPools, writePool } = await import("@/lib/platform/database/pool");
const { createOutsideClient } = await import("@/lib/platform/outside/outside-client");
const { requestSignInLinkAction } = await import("@/lib/sign-in/actions");
const { makeAccount, makePerson } = await import("@/prisma/factories/accounts-and-keys");

const BACKFILLS = 20;
const PROMISED_MS = 2000;
const POLL = { timeout: 15_000, interval: 20 };
const SITE = "http://localhost:3000";

let hanging = 0;
const host = createServer((request, response) => {
  // A page of a list takes a while; from one of the hosts it never comes.
  if (request.url === "/page") setTimeout(() => response.end(JSON.stringify({ records: [], next_cursor: "x" })), 20);
  else hanging += 1;
});
const outside = createOutsideClient();
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  worker = await startWorker();
});
afterAll(async () => {
  outside.close();
  host.closeAllConnections();
  host.close();
  await worker.stop();
  await endPools();
  await dropDatabase();
});

function ask(path: string): Promise<unknown> {
  const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}${path}`;
  const bounds = { timeoutMs: 15_000, mostReadBytes: 1000, exceptions: [parseHostException("127.0.0.1")] };
  return outside.request({ method: "GET", url, headers: {}, ...bounds });
}

async function askForLink(): Promise<number> {
  const { email } = await makePerson(await makeAccount(), "member");
  const identity = { sessionToken: null, requestedFrom: SITE, ip: "203.0.113.7", requestId: null };
  const began = performance.now();
  expect((await requestSignInLinkAction.invoke(identity, { email })).ok).toBe(true);
  await expect.poll(() => db().outboxMail.count({ where: { to: email } }), POLL).toBe(1);
  return performance.now() - began;
}

it("20 accounts' backfills and hosts that hang let a sign-in mail leave within 2 s", async () => {
  await askForLink(); // opens connections and compiles
  let pages = 0;
  const backfill = defineStep({
    name: "test.backfill",
    permission: "steps.take",
    run: async () => {
      await ask("/page");
      await writePool().query("SELECT count(*) FROM audit_entries");
      pages += 1;
      return { inMs: 0 };
    },
  });
  const stuck = defineStep({
    name: "test.stuck",
    permission: "steps.take",
    run: () => ask("/nothing").then(() => null),
  });
  const places = stepPlaces([backfill, stuck], () => Promise.resolve());
  const stuckAccount = await makeAccount();
  await queueSteps(
    stuck,
    Array.from({ length: 200 }, (_, index) => ({ accountId: stuckAccount.id, subjectId: index + 1 })),
  );
  for (let n = 1; n <= BACKFILLS; n += 1)
    await queueSteps(backfill, [{ accountId: (await makeAccount()).id, subjectId: n }]);
  await places.wake(databaseNow);
  await expect.poll(() => pages, POLL).toBeGreaterThan(BACKFILLS);
  expect(hanging).toBeGreaterThan(5);
  const before = pages;
  const tookMs = await askForLink();
  expect(tookMs).toBeLessThan(PROMISED_MS);
  // They went on meanwhile, all of them.
  await expect.poll(() => pages - before, POLL).toBeGreaterThan(BACKFILLS);
  await places.stop(0);
});
