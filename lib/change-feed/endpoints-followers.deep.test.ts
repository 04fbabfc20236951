import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import { databaseState } from "@/lib/platform/database/state";
import { readChangePlace } from "@/lib/public-api/lists/change-place";
import { waitingRoom } from "@/lib/public-api/waiting-room";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { serveForTests, type TestApi } from "@/testing/serve-api";
import * as endpoints from "./endpoints";

const KEYS = 100;
const EACH = 10;
const MEGABYTE = 1024 * 1024;

/** Asks and waits, from another process: its own memory is none of the server's. */
const FOLLOWERS = `
  const { request } = require("node:http");
  const { port, asked } = JSON.parse(process.argv[1]);
  for (const [path, token, account] of asked)
    request({ port, host: "127.0.0.1", path, agent: false, headers: { authorization: "Token " + token, "account-token": account } },
      (res) => { res.resume(); }).on("error", () => {}).end();
`;

let api: TestApi;
let child: ChildProcess | undefined;

beforeAll(async () => {
  databaseState().start();
  api = await serveForTests(Object.values(endpoints));
}, 60_000);
afterAll(async () => {
  child?.kill("SIGKILL");
  await api.close();
  await databaseState().stop();
});

setFlagsFromString("--expose_gc");
const collect = runInNewContext("gc") as () => void;

async function usedNow(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await sleep(100);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function askedBy(account: Account): Promise<string[][]> {
  const { token } = await makeApiKey({
    account: account,
    createdBy: await makePerson(account, "owner"),
    scopes: SCOPES,
  });
  const path = `/api/v1/changes?after=${await readChangePlace(account.id)}&wait=30`;
  return Array.from({ length: EACH }, () => [path, token, account.token]);
}

/** One is in the room before he looks for the first time: on a busy machine the last looks come seconds later. */
async function firstLooksAreOver(statements: { readonly mock: { readonly calls: unknown[][] }; mockClear(): void }) {
  await vi.waitFor(
    async () => {
      statements.mockClear();
      await sleep(1000);
      expect(statements.mock.calls.filter(([statement]) => JSON.stringify(statement).includes("next.*"))).toEqual([]);
    },
    { timeout: 60_000 },
  );
  statements.mockClear();
}

it("a thousand who wait cost 20 MB and no statement of their own", async () => {
  const asked: string[][] = [];
  for (let key = 0; key < KEYS; key += 1) asked.push(...(await askedBy(await makeAccount())));
  waitingRoom().open();
  await vi.waitFor(() => expect(databaseState().isListening("account_changes")).toBe(true), { timeout: 10_000 });
  const before = await usedNow();
  child = spawn(process.execPath, ["-e", FOLLOWERS, JSON.stringify({ port: api.port, asked })], { stdio: "ignore" });
  await vi.waitFor(() => expect(waitingRoom().count()).toBe(KEYS * EACH), { timeout: 28_000, interval: 100 });
  const statements = vi.spyOn(Client.prototype, "query");
  await firstLooksAreOver(statements);
  const began = performance.now();
  const used = (await usedNow()) - before;
  await sleep(3000);
  const perSecond = statements.mock.calls.length / ((performance.now() - began) / 1000);
  statements.mockRestore();
  expect(waitingRoom().count()).toBe(KEYS * EACH);
  expect(used).toBeLessThanOrEqual(20 * MEGABYTE);
  expect(perSecond).toBeLessThanOrEqual(2);
  waitingRoom().close();
  await vi.waitFor(() => expect(waitingRoom().count()).toBe(0), { timeout: 20_000 });
}, 120_000);
