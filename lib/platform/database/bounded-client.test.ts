import type { PoolClient } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { DatabaseProxy } from "@/e2e/database-proxy";
import { freePort } from "@/testing/free-port";
import { BoundedClient } from "./bounded-client";
import { databaseState, isOutage } from "./state";
import { databaseNow } from "./db";
import { endPools, readPool, writePool } from "./pool";
import { bookkeepingDb } from "./write-db";

/** The promise (decision 43), and what the machine of a test may be late by. */
const NOTICED_MS = 5000 + 1000;

let proxy: DatabaseProxy;

beforeAll(async () => {
  const address = new URL(process.env.DATABASE_URL ?? "");
  await direct.connect();
  proxy = new DatabaseProxy(await freePort());
  await proxy.lead(Number(address.port));
  address.port = String(proxy.port);
  process.env.DATABASE_URL = address.href;
  // Prisma takes a moment for its first statement.
  await Promise.all([databaseNow(), bookkeepingDb().$queryRaw`SELECT 1`]);
});
afterAll(async () => {
  await databaseState().stop();
  await direct.end();
  await proxy.shut();
});

/** How it ended, and when. */
async function ended<T>(work: Promise<T>) {
  const [outcome] = await Promise.allSettled([work]);
  return {
    ...outcome,
    reason: outcome.status === "rejected" ? (outcome.reason as unknown) : null,
    at: performance.now(),
  };
}

const direct = new BoundedClient({ connectionString: process.env.DATABASE_URL });

/** How many statements the server works at that do nothing but wait. */
async function underWay(): Promise<number> {
  const { rows } = await direct.query(
    "SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(5)%' AND pid <> pg_backend_pid() AND datname = current_database()",
  );
  return rows.length;
}

const ask = () => [
  ended(readPool().query("SELECT 1")),
  ended(databaseNow()),
  ended(writePool().query("SELECT 1")),
  ended(bookkeepingDb().$transaction((tx) => tx.$queryRaw`SELECT 1`)),
];

describe("a network that forgets its connections", () => {
  it("is noticed within 5 seconds by whoever waits, costs the connections, and is over with the next statement", async () => {
    for (const client of await Promise.all([1, 2, 3].map(() => readPool().connect()))) client.release();
    let forgotAt = 0;
    const asked: ReturnType<typeof ask> = [];
    const inTransaction = ended(
      bookkeepingDb().$transaction(
        async (tx) => {
          await tx.$queryRaw`SELECT 1`;
          proxy.forget();
          forgotAt = performance.now();
          asked.push(...ask());
          return tx.$queryRaw`SELECT 2`;
        },
        { timeout: 10_000 },
      ),
    );
    for (const { status, reason, at } of [await inTransaction, ...(await Promise.all(asked))]) {
      // A connection that was made afterwards hears its answer.
      if (status === "fulfilled") continue;
      expect([reason, await isOutage(reason)]).toEqual([reason, true]);
      expect(at - forgotAt).toBeLessThan(NOTICED_MS);
    }
    expect([await inTransaction, await asked[0], await asked[1]].map((end) => end?.status)).toEqual([
      "rejected",
      "rejected",
      "rejected",
    ]);
    // The read pool's third connection was used by nobody: it is not waited for in its turn.
    const again = performance.now();
    for (const { status, at } of await Promise.all([...ask(), ...ask()])) {
      expect(status).toBe("fulfilled");
      expect(at - again).toBeLessThan(3000);
    }
    expect(writePool().waitingCount + readPool().waitingCount).toBe(0);
    expect([readPool().idleCount, writePool().idleCount]).toEqual([readPool().totalCount, writePool().totalCount]);
  });
});

describe("connections that a network forgot, of which some are used late", () => {
  it("are given up with the first, whichever pool's they are; one that answered since is not", async () => {
    // All that there are: whoever wants another one gets a new one.
    const held = await Promise.all(Array.from({ length: readPool().totalCount + 2 }, () => readPool().connect()));
    const [first, late] = held as [PoolClient, PoolClient];
    await Promise.all([first, late].map((each) => each.query("SELECT 1")));
    const idle = await writePool().connect();
    idle.release();
    proxy.forget();
    const asked = performance.now();
    const underway = ended(first.query("SELECT 1"));
    await expect
      .poll(() => first instanceof BoundedClient && first.silentMs, { timeout: 10_000 })
      .toBeGreaterThan(3100);
    // Made meanwhile, and well: its statement is not cut off.
    const fresh = await readPool().connect();
    const [slow, askedLate] = [ended(fresh.query("SELECT pg_sleep(2)")), ended(late.query("SELECT 1"))];
    const ends = await Promise.all([underway, askedLate]);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    for (const { at } of ends) expect(at - asked).toBeLessThan(NOTICED_MS);
    const again = performance.now();
    expect(await ended(writePool().query("SELECT 1"))).toMatchObject({ status: "fulfilled" });
    expect(performance.now() - again).toBeLessThan(2500);
    expect(await slow).toMatchObject({ status: "fulfilled" });
    expect(idle.connection.stream.destroyed).toBe(true);
    for (const client of [...held, fresh]) client.release();
  });
});

describe("a line that is cut while the database is well", () => {
  it("is told by a code, so that nobody takes it for a bug", async () => {
    const held = await readPool().connect();
    const waiting = [
      ended(held.query("SELECT pg_sleep(5)")),
      ended(bookkeepingDb().$queryRaw`SELECT pg_sleep(5)::text`),
    ];
    // Both are under way: the server says so over a connection of another's.
    await expect.poll(underWay).toBe(2);
    proxy.cut();
    for (const { reason } of await Promise.all(waiting))
      expect([reason, await isOutage(reason)]).toEqual([reason, true]);
    held.release();
  });
});

describe("a statement whose answer has come", () => {
  it("is not given up by a process that stood still meanwhile", async () => {
    const client = new BoundedClient({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    const answer = client.query("SELECT pg_sleep(0.1)");
    const until = performance.now() + 1000;
    while (performance.now() < until);
    await expect(answer).resolves.toBeDefined();
    await client.end();
  });
});

describe("saying goodbye to nobody", () => {
  it("ends pools and connections at once, and leaves no socket behind", async () => {
    const client = new BoundedClient({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    const pooled = await readPool().connect();
    pooled.release();
    proxy.swallow();
    const began = performance.now();
    const { status, at } = await ended(Promise.all([client.end(), endPools()]));
    expect(status).toBe("fulfilled");
    expect(at - began).toBeLessThan(3000);
    await expect
      .poll(() => [client, pooled].map(({ connection }) => connection.stream.destroyed))
      .toEqual([true, true]);
  });
});
