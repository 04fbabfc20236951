import { Client } from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { useOwnDatabase } from "@/testing/own-database";

const dropDatabase = await useOwnDatabase("place");
const { ADVISORY_LOCKS } = await import("./advisory-locks");
const { holdInstanceLock } = await import("./instance-lock");
const { databaseState } = await import("./state");

/** As another process would hold the place; it sees as well who does. */
const other = new Client({ connectionString: process.env.DATABASE_URL });

beforeAll(async () => {
  await other.connect();
  databaseState().start();
});
afterAll(async () => {
  await databaseState().stop();
  await other.end();
  await dropDatabase();
});

async function isFree(): Promise<boolean> {
  const { rows } = await other.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1::bigint) AS taken", [
    ADVISORY_LOCKS.instance,
  ]);
  if (rows[0]?.taken) await other.query("SELECT pg_advisory_unlock_all()");
  return rows[0]?.taken === true;
}

/** The sessions of this process that hold it. */
async function holders(): Promise<number[]> {
  const { rows } = await other.query<{ pid: number }>(`
    SELECT a.pid FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'advisory' AND l.granted
    WHERE a.datname = current_database() AND a.application_name LIKE 'hub place %'`);
  return rows.map(({ pid }) => pid);
}

it("is refused while another process has it, held on the connection of the watch, taken on the next one, and given back", async () => {
  await other.query("SELECT pg_advisory_lock($1::bigint)", [ADVISORY_LOCKS.instance]);
  await expect(holdInstanceLock()).rejects.toMatchObject({ name: "InstanceLockTakenError" });
  await other.query("SELECT pg_advisory_unlock_all()");
  const place = await holdInstanceLock();
  const [first, ...more] = await holders();
  expect([more, await isFree()]).toEqual([[], false]);

  await other.query("SELECT pg_terminate_backend($1, 5000)", [first]);
  await vi.waitFor(async () => expect(await holders()).toHaveLength(1), { timeout: 20_000, interval: 50 });
  expect(await holders()).not.toEqual([first]);
  expect(await isFree()).toBe(false);

  await place.release();
  expect(await isFree()).toBe(true);
});
