import type { ServerResponse } from "node:http";
import { Client } from "pg";
import { expect, it, vi } from "vitest";

import { databaseState } from "@/lib/platform/database/state";
import { env } from "@/lib/platform/env";
import { missingMigrations } from "@/lib/platform/database/migrations";
import { readPool } from "@/lib/platform/database/pool";
import { checkContract } from "./contract-watch";
import { answerHealth, type Condition } from "./health";

async function ask(path: string, condition: Partial<Condition> = {}): Promise<[number, unknown]> {
  let answered: [number, unknown] = [0, null];
  let status = 0;
  const res = {
    writeHead: (code: number, headers: Record<string, unknown>) => {
      status = code;
      // Whoever is told to go elsewhere is told when to come back.
      expect(headers["Retry-After"]).toBe(code === 503 ? 5 : undefined);
    },
    end: (body: string) => (answered = [status, JSON.parse(body)]),
  };
  await answerHealth(path, res as unknown as ServerResponse, { isStopping: false, worker: null, ...condition });
  return answered;
}

it("a process that is told to stop is alive, but takes no more", async () => {
  expect(await ask("/healthz", { isStopping: true })).toEqual([200, { status: "ok" }]);
  expect(await ask("/readyz", { isStopping: true })).toEqual([503, { status: "stopping" }]);
});

it("a process whose worker has ended is not ready; one without a worker misses none", async () => {
  expect(await ask("/readyz", { worker: { isAlive: () => false } })).toEqual([503, { status: "worker stopped" }]);
  expect(await ask("/readyz", { worker: { isAlive: () => true } })).toEqual([200, { status: "ok" }]);
  expect(await ask("/readyz")).toEqual([200, { status: "ok" }]);
});

it("a database that goes while the process looks is told of at once", async () => {
  const isDown = vi.spyOn(databaseState(), "isDown").mockReturnValueOnce(false).mockReturnValue(true);
  expect(await ask("/readyz")).toEqual([503, { status: "database unavailable" }]);
  isDown.mockRestore();
  expect(await ask("/readyz")).toEqual([200, { status: "ok" }]);
});

it("a process whose requests would get no answer is not ready, though the database is well", async () => {
  const pool = readPool();
  const taken = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  try {
    expect(await ask("/readyz")).toEqual([503, { status: "database unavailable" }]);
    expect(databaseState().isDown()).toBe(false);
  } finally {
    for (const client of taken) client.release();
  }
  expect(await ask("/readyz")).toEqual([200, { status: "ok" }]);
});

it("a database behind the program is told by what it lacks", async () => {
  const { DATABASE_URL } = env();
  expect(await missingMigrations(DATABASE_URL, 2000)).toEqual([]);
  const empty = new URL(DATABASE_URL);
  empty.pathname = `/behind_${process.pid}`;
  const admin = new Client({ connectionString: DATABASE_URL });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE behind_${process.pid}`);
    expect(await missingMigrations(empty.href, 2000)).toContain("0001_init");
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS behind_${process.pid}`);
    await admin.end();
  }
});

it("tables that a newer release has changed keep a running process from serving, as long as they are so", async () => {
  // As a program sees it that cannot even live with the first of all steps.
  await checkContract(-1);
  const status = expect.stringMatching(
    /^This database was changed by a newer release \(step \d+ .*knows -1\)/,
  ) as string;
  expect(await ask("/readyz")).toEqual([503, { status }]);
  expect(await ask("/healthz")).toEqual([200, { status: "ok" }]);
  await checkContract();
  expect(await ask("/readyz")).toEqual([200, { status: "ok" }]);
});
