import { Client } from "pg";
import { afterAll, expect, it } from "vitest";

import { useOwnDatabase } from "@/testing/own-database";

// It holds a table that others read.
const dropDatabase = await useOwnDatabase("compose");
const { composeNoticesJob } = await import("./jobs");
const { db } = await import("@/lib/platform/database/db");
const { endPools } = await import("@/lib/platform/database/pool");
const { makeAccountWithPeople, makeApiKey } = await import("@/prisma/factories/accounts-and-keys");

afterAll(async () => {
  await endPools();
  await dropDatabase();
});

const NOON = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`);
const KEYS = 6;

it("tells a day's many keys in one mail, though some are noted while it reads the others", async () => {
  const { account, owner } = await makeAccountWithPeople();
  const expiresAt = new Date(NOON.getTime() + 14 * 86_400_000);
  const keys: number[] = [];
  while (keys.length < KEYS) keys.push((await makeApiKey({ account, expiresAt })).key.id);
  const other = new Client({ connectionString: process.env.DATABASE_URL });
  await other.connect();
  const note = (ids: readonly number[]) =>
    other.query(
      `INSERT INTO notices (account_id, api_key_id, user_id, stage, expires_at, sequence, created_at)
       SELECT account_id, id, $1, 'days_14', expires_at, 0, $2 FROM api_keys WHERE id = ANY($3)`,
      [owner.id, NOON, ids],
    );
  await note(keys.slice(0, 3));

  // Between what waits for a mail and what else the day brings.
  await other.query("BEGIN; LOCK TABLE expiry_stages IN ACCESS EXCLUSIVE MODE");
  await note(keys.slice(3));
  const composing = composeNoticesJob.perform({ userId: owner.id }, NOON);
  const isHeldUp = async () =>
    (await other.query("SELECT FROM pg_locks WHERE relation = 'expiry_stages'::regclass AND NOT granted")).rowCount ===
    1;
  await expect.poll(isHeldUp, { timeout: 10_000, interval: 10 }).toBe(true);
  await other.query("COMMIT");
  await composing;
  await composeNoticesJob.perform({ userId: owner.id }, NOON);
  await other.end();

  const mails = await db().noticeMail.findMany({ where: { userId: owner.id }, select: { notices: true } });
  expect(mails.map(({ notices }) => notices.length)).toEqual([KEYS]);
});
