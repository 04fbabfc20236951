import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { Job } from "@/lib/jobs/define-job";
import { deployMigrations } from "@/lib/platform/database/migrations";

// A database of its own: this worker would take the jobs that other test files look at.
const name = `worker_${randomBytes(6).toString("hex")}`;
const shared = String(process.env.DATABASE_URL);
const own = Object.assign(new URL(shared), { pathname: `/${name}` }).href;

async function asAdministrator(statement: string): Promise<void> {
  const client = new Client({ connectionString: shared });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

await asAdministrator(`CREATE DATABASE ${name}`);
await deployMigrations({ url: own });
process.env.DATABASE_URL = own;
const { JOBS, startWorker } = await import("./worker");
const { db } = await import("@/lib/platform/database/db");
const { endPools, writePool } = await import("@/lib/platform/database/pool");
const { databaseState } = await import("@/lib/platform/database/state");
const { queueDueJobs } = await import("@/lib/jobs/crontab");
const { releaseLostJobs } = await import("@/lib/jobs/held-jobs");
const { recordHeartbeat, releaseDeadWorkers } = await import("@/lib/jobs/heartbeat");
const { definePublishEvents } = await import("@/lib/jobs/publish-events");
const { requestSignInLinkAction } = await import("@/lib/sign-in/actions");
const { handleAuthRequest } = await import("@/lib/sign-in/handle-auth-request");
const { createSignInLink } = await import("@/lib/sign-in/create-sign-in-link");
const { createContact } = await import("@/lib/contacts/service");
const { makeAccount, makeAccountWithPeople, makePerson, permitFor } =
  await import("@/prisma/factories/accounts-and-keys");
const { makeWebhook } = await import("@/prisma/factories/webhooks");

const SITE = "http://localhost:3000";
let worker: { stop(): Promise<void> };

async function until<T>(look: () => Promise<T | undefined | null>, timeoutMs = 15_000): Promise<T> {
  for (const began = performance.now(); performance.now() - began < timeoutMs; await sleep(10)) {
    const found = await look();
    if (found != null) return found;
  }
  throw new Error("it did not happen in time");
}

const jobsLeft = async () =>
  (await writePool().query<{ count: number }>("SELECT count(*)::int AS count FROM graphile_worker._private_jobs"))
    .rows[0]?.count;

/** Whether a schema, or one within it, refuses fields that it does not name. */
function isStrict(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  if (Array.isArray(schema)) return schema.some(isStrict);
  const { def = schema } = schema as { def?: Record<string, unknown> };
  if ("catchall" in def && (def.catchall as { def: { type: string } } | undefined)?.def.type === "never") return true;
  return Object.values(def).some(isStrict);
}

beforeAll(async () => {
  databaseState().start();
  worker = await startWorker();
});

afterAll(async () => {
  await worker.stop();
  await databaseState().stop();
  await endPools();
  await asAdministrator(`DROP DATABASE ${name} WITH (FORCE)`);
});

describe("the worker", () => {
  it("has each job once", () => {
    expect(JOBS.map((job) => job.name)).toEqual([...new Set(JOBS.map((job) => job.name))]);
  });

  it("reads what the next release adds to a payload: no job is strict about fields it does not know", () => {
    expect(JOBS.filter(({ payload }) => payload === undefined || isStrict(payload)).map((job) => job.name)).toEqual([]);
  });

  it("leaves a job that only another release knows in the queue, untried", async () => {
    const { rows } = await writePool().query<{ id: string }>(
      "SELECT id FROM graphile_worker.add_job('ofTheNextRelease.run', '{}', priority => -100)",
    );
    // Fetched after it, had it been fetched.
    const known = await writePool().query<{ id: string }>(
      "SELECT id FROM graphile_worker.add_job('formSubmissions.forget', '{}')",
    );
    await until(async () => {
      const { rowCount } = await writePool().query("SELECT FROM graphile_worker._private_jobs WHERE id = $1", [
        known.rows[0]?.id,
      ]);
      return rowCount === 0 ? true : null;
    });
    const left = await writePool().query(
      "DELETE FROM graphile_worker._private_jobs WHERE id = $1 RETURNING attempts, locked_by, last_error",
      [rows[0]?.id],
    );
    expect(left.rows).toEqual([{ attempts: 0, locked_by: null, last_error: null }]);
  });

  it("mails a sign-in link within a second of the request", async () => {
    const identity = { sessionToken: null, requestedFrom: SITE, ip: "203.0.113.7", requestId: null };
    const askAndRead = async () => {
      const { email } = await makePerson(await makeAccount(), "member");
      const began = performance.now();
      expect((await requestSignInLinkAction.invoke(identity, { email })).ok).toBe(true);
      await until(() => db().outboxMail.findFirst({ where: { to: email } }));
      return performance.now() - began;
    };
    await askAndRead(); // opens connections and compiles
    expect(await askAndRead()).toBeLessThan(1000);
  });

  it("publishes what a sign-in left, and nothing stays in the queue", async () => {
    const { email } = await makePerson(await makeAccount(), "member");
    const { token } = await createSignInLink(email);
    const response = await handleAuthRequest(
      new Request(`${SITE}/api/auth/callback/email`, {
        method: "POST",
        headers: { origin: SITE },
        body: new URLSearchParams({ token, email }),
      }),
    );
    expect(response.headers.get("location")).toBe(`${SITE}/`);
    await until(async () => (await jobsLeft()) === 0 || null);
  });
});

describe("publishing events", () => {
  beforeAll(async () => {
    await worker.stop();
    await writePool().query("DELETE FROM graphile_worker._private_jobs");
  });
  afterEach(() => writePool().query("DELETE FROM graphile_worker._private_jobs"));
  afterAll(async () => {
    worker = await startWorker();
  });

  const listener = (name: string, heard: unknown[] = [], fails = () => false): Job => ({
    name,
    perform: (payload) => {
      if (fails()) return Promise.reject(new Error("not now"));
      heard.push(payload);
      return Promise.resolve();
    },
  });
  const queued = async () =>
    (
      await writePool().query<{ name: string; key: string | null; payload: object }>(
        `SELECT t.identifier AS name, j.key, j.payload FROM graphile_worker._private_jobs j
        JOIN graphile_worker._private_tasks t ON t.id = j.task_id ORDER BY j.id`,
      )
    ).rows;
  const eventsOf = (...names: readonly string[]) =>
    names.map((name, index) => ({
      accountId: 7,
      sequence: index + 1,
      name,
      record: { type: "vehicle", id: index + 1, name: "Van" },
      payload: null,
      triggeredBy: null,
      occurredAt: "2026-11-22T10:00:00.000Z",
    }));

  it("tells each listener what the change put down, and leaves nothing in the queue", async () => {
    const account = await makeAccount();
    const { email, id, name } = await makePerson(account, "member");
    const { token } = await createSignInLink(email);
    await handleAuthRequest(
      new Request(`${SITE}/api/auth/callback/email`, {
        method: "POST",
        headers: { origin: SITE },
        body: new URLSearchParams({ token, email }),
      }),
    );
    const one: unknown[] = [];
    const two: unknown[] = [];
    const never: unknown[] = [];
    const publish = definePublishEvents({
      "user.signedIn": [listener("test.one", one), listener("test.two", two)],
      "apiKey.revoked": [listener("test.never", never)],
    });
    const [put] = await queued();
    await writePool().query("DELETE FROM graphile_worker._private_jobs");
    await publish.perform(put?.payload);
    const bare = { accountId: account.id, sequence: 1 };
    const { occurredAt } = await db().auditEntry.findFirstOrThrow({ where: bare, select: { occurredAt: true } });
    const payload = {
      ...bare,
      name: "user.signedIn",
      record: { type: "user", id, name },
      payload: null,
      triggeredBy: null,
      occurredAt: occurredAt.toISOString(),
    };
    expect([one, two, never]).toEqual([[payload], [payload], []]);
    expect(await queued()).toEqual([]);
  });

  it("gives a listener that fails a job of its own, one however often it runs, and keeps no other from hearing", async () => {
    const heard: unknown[] = [];
    let isFailing = true;
    const [failing, well] = [listener("test.fails", [], () => isFailing), listener("test.well", heard)];
    const publish = definePublishEvents({ "vehicle.created": [failing, well] });
    const events = eventsOf("vehicle.created");
    await publish.perform({ entries: events });
    await publish.perform({ entries: events });
    expect(heard).toEqual([...events, ...events]);
    expect(await queued()).toEqual([{ name: "test.fails", key: "test.fails/7/1", payload: events[0] }]);
    isFailing = false;
    await publish.perform({ entries: events });
    expect(await queued()).toHaveLength(1);
  });

  it("is tried again itself where that job cannot be queued", async () => {
    const publish = definePublishEvents({ "vehicle.created": [listener("x".repeat(200), [], () => true)] });
    await expect(publish.perform({ entries: eventsOf("vehicle.created") })).rejects.toThrow();
  });

  it("tells all of a change at once to who hears of it together, and each by itself to others: many by jobs", async () => {
    const all: unknown[] = [];
    const each: unknown[] = [];
    const [batched, single] = [listener("test.batched", all), listener("test.each", each)];
    const both = [batched, single];
    const publish = definePublishEvents({ "vehicle.created": both, "vehicle.updated": both }, [batched]);
    const events = eventsOf(...Array.from({ length: 6 }, () => "vehicle.created"), "vehicle.updated");
    await publish.perform({ entries: events });
    expect(all).toEqual([{ events }]);
    expect([...each, ...(await queued()).map(({ payload }) => payload)]).toEqual(events);
    expect((await queued()).map(({ key }) => key)).toEqual(["test.each/7/6", "test.each/7/7"]);
    await publish.perform({ entries: [{ ...events[0], sequence: 9 }] });
    expect(all.at(-1)).toEqual({ ...events[0], sequence: 9 });
  });

  it("is the one hop before a delivery's own: what a webhook is sent stands there when it ends", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const { webhook } = await makeWebhook({ account });
    await createContact(await permitFor("contacts.write", { user: owner, account }), { firstName: "Dana" });
    const [put, ...more] = await queued();
    expect([put?.name, more]).toEqual(["events.publish", []]);
    await writePool().query("DELETE FROM graphile_worker._private_jobs");
    await JOBS.find(({ name }) => name === "events.publish")?.perform(put?.payload);
    const deliveries = await db().webhookEvent.findMany({ where: { webhookId: webhook.id } });
    expect(deliveries).toMatchObject([{ event: "contact_created", status: "pending" }]);
    expect((await queued()).map(({ key }) => key)).toEqual([`webhooks.deliver/${deliveries[0]?.id}`]);
  });
});

describe("jobs by the clock", () => {
  it("are queued once however many workers ask, by the database's clock, and again when it is time", async () => {
    await worker.stop();
    await writePool().query("DELETE FROM graphile_worker._private_jobs");
    const job = { name: "test.minutely", perform: () => Promise.resolve() };
    const ask = () =>
      queueDueJobs([
        { job, everyMinutes: 1 },
        { job, everyMinutes: 1440, payload: { all: true } },
      ]);
    const queued = async () =>
      (
        await writePool().query<{ key: string; revision: number }>(
          "SELECT key, revision FROM graphile_worker._private_jobs ORDER BY key",
        )
      ).rows;
    const once = [
      { key: "cron/test.minutely", revision: 0 },
      { key: 'cron/test.minutely{"all":true}', revision: 0 },
    ];
    await Promise.all([ask(), ask(), ask()]);
    expect(await queued()).toEqual(once);
    await writePool().query("UPDATE cron_ticks SET ticked_at = ticked_at - interval '1 minute'");
    await ask();
    expect(await queued()).toEqual([{ ...once[0], revision: 1 }, once[1]]);
    // A clock that was set back.
    await writePool().query("UPDATE cron_ticks SET ticked_at = clock_timestamp() + interval '1 day'");
    await ask();
    expect((await queued()).map(({ revision }) => revision)).toEqual([2, 1]);
    await writePool().query("DELETE FROM graphile_worker._private_jobs");
    worker = await startWorker();
  });
});

describe("a worker that fell silent", () => {
  const lock = (poolId: string, seconds: number) =>
    writePool().query(
      `INSERT INTO graphile_worker._private_jobs (task_id, payload, locked_by, locked_at)
       SELECT id, '{}', $1, clock_timestamp() - make_interval(secs => $2) FROM graphile_worker._private_tasks LIMIT 1`,
      [poolId, seconds],
    );

  it("loses its jobs, one that lives or has just begun keeps them", async () => {
    await worker.stop();
    await writePool().query("DELETE FROM graphile_worker._private_jobs");
    await lock("pool-dead", 40);
    await lock("pool-alive", 4000);
    await lock("pool-new", 5);
    await recordHeartbeat("pool-alive");
    expect(await releaseDeadWorkers()).toEqual(["pool-dead"]);
    const { rows } = await writePool().query<{ by: string | null }>(
      "SELECT locked_by AS by FROM graphile_worker._private_jobs ORDER BY locked_by NULLS LAST",
    );
    expect(rows.map(({ by }) => by)).toEqual(["pool-alive", "pool-new", null]);
    await writePool().query("DELETE FROM graphile_worker._private_jobs");
    worker = await startWorker();
  });

  it("hands back what the queue gave it and it never heard of, while it lives", async () => {
    await worker.stop();
    await writePool().query("DELETE FROM graphile_worker._private_jobs");
    for (const [poolId, seconds] of [
      ["pool-mine", 40],
      ["pool-mine", 40],
      ["pool-mine", 5],
      ["pool-other", 40],
    ] as const)
      await lock(poolId, seconds);
    const { rows: given } = await writePool().query<{ id: string }>(
      "SELECT id FROM graphile_worker._private_jobs ORDER BY id",
    );
    const held = given[0]?.id ?? "";
    expect(await releaseLostJobs("pool-mine", { ids: () => [held] }, 30)).toBe(1);
    const { rows } = await writePool().query<{ by: string | null }>(
      "SELECT locked_by AS by FROM graphile_worker._private_jobs ORDER BY id",
    );
    expect(rows.map(({ by }) => by)).toEqual(["pool-mine", null, "pool-mine", "pool-other"]);
    await writePool().query("DELETE FROM graphile_worker._private_jobs");
    worker = await startWorker();
  });
});
