import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { useOwnDatabase } from "@/testing/own-database";

// It ends the waits of all queues: a database of its own.
const dropDatabase = await useOwnDatabase("waits");
const { CRONTAB } = await import("@/server/worker");
const { clampRunTimes } = await import("./clamp-run-times");
const { queueDueJobs } = await import("./crontab");
const { recordHeartbeat, releaseDeadWorkers } = await import("./heartbeat");
const { queueWithinLimits } = await import("@/lib/sign-in/queue-within-limits");
const { countRequest } = await import("@/lib/public-api/rate-limiter");
const { env } = await import("@/lib/platform/env");
const { endPools, writePool } = await import("@/lib/platform/database/pool");
const { makeApiKey, makePartnerWithPeople } = await import("@/prisma/factories/accounts-and-keys");
const { makeWebhook, makeWebhookEvent } = await import("@/prisma/factories/webhooks");
const { bookkeepingDb } = await import("@/lib/platform/database/write-db");

/** What a clock that was ahead for five seconds leaves behind. */
const AHEAD = "clock_timestamp() + interval '90 days'";
const WITHIN = "BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp()";
const query = async <Row extends object>(text: string, values: unknown[] = []) =>
  (await writePool().query<Row>(text, values)).rows;

let people: Awaited<ReturnType<typeof makePartnerWithPeople>>;
let keyId: number;

beforeAll(async () => {
  people = await makePartnerWithPeople();
  ({
    key: { id: keyId },
  } = await makeApiKey({ account: people.account }));
});

beforeEach(async () => {
  await query("DELETE FROM graphile_worker._private_jobs");
  await query("DELETE FROM notices");
});

afterAll(async () => {
  await endPools();
  await dropDatabase();
});

const addJob = (task: string, key: string, runAt: string) =>
  query("SELECT graphile_worker.add_job($1, '{}'::json, job_key => $2)", [task, key]).then(() =>
    query(`UPDATE graphile_worker._private_jobs SET run_at = ${runAt} WHERE key = $1`, [key]),
  );
const keysDue = async () =>
  (
    await query<{ key: string }>(`SELECT key FROM graphile_worker._private_jobs WHERE run_at ${WITHIN} ORDER BY key`)
  ).map(({ key }) => key);

it("jobs go now that no retry can have put off so far, those of the clock after their period", async () => {
  await addJob("notices.compose", "ahead", AHEAD);
  await addJob("notices.compose", "retried", "clock_timestamp() + interval '6 hours'");
  await addJob("notices.send", "cron/notices.send", "clock_timestamp() + interval '2 minutes'");
  await addJob("notices.send", "cron/soon", "clock_timestamp() + interval '50 seconds'");
  await addJob("audit.logHeads", "cron/unknown", "clock_timestamp() + interval '2 minutes'");
  expect(await clampRunTimes(CRONTAB)).toMatchObject({ jobs: 2 });
  expect(await keysDue()).toEqual(["ahead", "cron/notices.send"]);
});

it("a tick of the clock that lies ahead is none", async () => {
  await queueDueJobs(CRONTAB);
  await query(`UPDATE cron_ticks SET ticked_at = ${AHEAD}`);
  await query(`UPDATE graphile_worker._private_jobs SET run_at = ${AHEAD}`);
  await queueDueJobs(CRONTAB);
  // The queue keeps when a job was to run: that is why the waits are looked at.
  expect(await keysDue()).toEqual([]);
  await clampRunTimes(CRONTAB);
  expect(await keysDue()).toHaveLength(CRONTAB.length);
});

it("mails and deliveries go now whose turn lies beyond the longest wait, and leases end that nobody can hold", async () => {
  const mail = (notBefore: string) =>
    query(
      `INSERT INTO notice_mails (user_id, email, mail_key, priority, not_before) VALUES ($1, 'a@b.example', $2, 1, ${notBefore})`,
      [people.owner.id, randomUUID()],
    );
  await mail(AHEAD);
  await mail("clock_timestamp() + interval '59 minutes'");
  const { webhook } = await makeWebhook({ account: people.account });
  for (const [nextAttemptAt, leasedUntil] of [
    [AHEAD, "NULL"],
    ["clock_timestamp() + interval '26 hours'", "NULL"],
    ["clock_timestamp() - interval '1 second'", AHEAD],
    ["clock_timestamp() - interval '1 second'", "clock_timestamp() + interval '40 seconds'"],
  ] as const) {
    const { id } = await makeWebhookEvent({ webhook });
    await query(
      `UPDATE webhook_events SET status = 'pending', next_attempt_at = ${nextAttemptAt}, leased_until = ${leasedUntil} WHERE id = $1`,
      [id],
    );
  }
  for (const [subjectId, dueAt, leasedUntil] of [
    [1, AHEAD, "NULL"],
    [2, "clock_timestamp() + interval '24 hours'", "NULL"],
    [3, "clock_timestamp()", AHEAD],
    [4, "clock_timestamp()", "clock_timestamp() + interval '40 seconds'"],
  ] as const)
    await query(
      `INSERT INTO run_steps (account_id, name, subject_id, due_at, leased_until) VALUES ($1, 'test.step', $2, ${dueAt}, ${leasedUntil})`,
      [people.account.id, subjectId],
    );
  const ended = { mails: 1, deliveries: 1, leases: 1, steps: 1, stepLeases: 1 };
  expect(await clampRunTimes(CRONTAB)).toMatchObject(ended);
  const none = { mails: 0, deliveries: 0, leases: 0, steps: 0, stepLeases: 0 };
  expect(await clampRunTimes(CRONTAB)).toMatchObject(none);
  expect(await query(`SELECT FROM notice_mails WHERE not_before ${WITHIN}`)).toHaveLength(1);
});

it("a notice that is in no mail gets the job that makes one, whatever became of its first", async () => {
  const { owner, administrator, limited, member } = people;
  const notice = (userId: number, createdAt: string) =>
    query(
      `INSERT INTO notices (account_id, api_key_id, user_id, stage, expires_at, sequence, created_at)
       VALUES ($1, $2, $3, 'created', clock_timestamp(), 1, ${createdAt})`,
      [people.account.id, keyId, userId],
    );
  await notice(owner.id, "clock_timestamp() - interval '2 minutes'");
  await notice(administrator.id, AHEAD);
  await notice(limited.id, "clock_timestamp()");
  await notice(member.id, "clock_timestamp() - interval '2 minutes'");
  await addJob("notices.compose", `notices.compose/${owner.id}`, "clock_timestamp() + interval '1 hour'");
  await addJob("notices.compose", `notices.compose/${member.id}`, AHEAD);
  await query(
    "UPDATE graphile_worker._private_jobs SET attempts = max_attempts, run_at = clock_timestamp() - interval '1 day' WHERE key = $1",
    [`notices.compose/${member.id}`],
  );
  await clampRunTimes(CRONTAB);
  expect(await keysDue()).toEqual([administrator.id, member.id].map((id) => `notices.compose/${id}`).sort());
});

it("a worker whose last beat lies ahead is no more alive for it, and what it held is given back", async () => {
  await recordHeartbeat("dead");
  await addJob("notices.send", "held", "clock_timestamp()");
  await query(`UPDATE graphile_worker._private_jobs SET locked_by = 'dead', locked_at = ${AHEAD}`);
  await query(`UPDATE worker_heartbeats SET seen_at = ${AHEAD}`);
  // One that lives has the time to beat again.
  expect(await releaseDeadWorkers()).toEqual([]);
  await query("UPDATE worker_heartbeats SET seen_at = seen_at - interval '31 seconds'");
  expect(await releaseDeadWorkers()).toEqual(["dead"]);
  expect(await query("SELECT FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL")).toEqual([]);
  expect(await query("SELECT FROM worker_heartbeats")).toEqual([]);
});

it("nobody waits for requests that lie ahead: a mailed link, a network's hour, a key's minute", async () => {
  const from = { network: "203.0.113.9", site: null };
  await query(
    `INSERT INTO sign_in_requests (email, ip, created_at, sends_mail)
     SELECT $1, $2, clock_timestamp(), true FROM generate_series(1, 20)`,
    [people.owner.email, from.network],
  );
  expect(await queueWithinLimits(people.owner.email, from)).toBeGreaterThan(0);
  await query(`UPDATE sign_in_requests SET created_at = ${AHEAD}`);
  await query("DELETE FROM graphile_worker._private_jobs");
  expect(await queueWithinLimits(people.owner.email, from)).toBeNull();
  const [job] = await bookkeepingDb().$queryRaw<{ email: string }[]>`
    SELECT payload->>'email' AS email FROM graphile_worker._private_jobs`;
  expect(job?.email).toBe(people.owner.email);

  Object.assign(env(), { RATE_LIMIT_STORE: "postgres" });
  const subject = { apiKeyId: keyId, accountId: people.account.id, plan: "premium" as const, ownQuota: 1 };
  await countRequest(subject);
  expect(await countRequest(subject)).toMatchObject({ isExceeded: true });
  await query("UPDATE rate_limits SET expire = expire + 90 * 86400000::bigint");
  expect(await countRequest(subject)).toMatchObject({ isExceeded: false, remaining: 0 });
});
