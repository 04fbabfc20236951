import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { run, type TaskList } from "graphile-worker";
import { Pool } from "undici";

import { authorize } from "@/lib/auth/permit";
import { databaseNow } from "@/lib/platform/database/db";
import { writePool } from "@/lib/platform/database/pool";
import { Dispatcher } from "@/lib/webhooks/deliveries/dispatcher";
import { mintWebhookSecret, openForWebhook, sealForWebhook } from "@/lib/webhooks/secrets";
import { signatureHeaders } from "@/lib/webhooks/signature";

export interface DeliverOrder {
  readonly what: "inserts" | "deliveries" | "naive" | "posts" | "dead";
  readonly receiver: string;
  readonly count: number;
}

export interface DeliverResult {
  readonly perSecond: number;
  /** How late the deliveries to living endpoints were sent. */
  readonly p95Ms: number;
}

const ENDPOINTS = 100;
const BATCH_SIZE = 500;
const ask = <Row extends object>(text: string, values: unknown[] = []) =>
  writePool()
    .query<Row>(text, values)
    .then(({ rows }) => rows);

/** An account with a hundred webhooks; where one is dead, it is the first. */
async function makeWebhooks(receiver: string, withDead: boolean): Promise<number[]> {
  const token = randomBytes(5).toString("hex");
  const [account] = await ask<{ id: number }>(
    `INSERT INTO accounts (kind, token, name, plan, status) VALUES ('customer', $1, $1, 'premium', 'active') RETURNING id`,
    [token],
  );
  const ids: number[] = [];
  for (let n = 0; n < ENDPOINTS; n += 1) {
    const [next] = await ask<{ id: number }>("SELECT nextval('webhooks_id_seq')::int AS id");
    const id = next?.id ?? 0;
    const url = `${receiver}/${withDead && n === 0 ? "dead" : `hook-${n}`}`;
    await ask(
      "INSERT INTO webhooks (id, account_id, url, all_events, api_version, secret) VALUES ($1, $2, $3, true, '2025-05-05', $4)",
      [id, account?.id, url, Buffer.from(sealForWebhook(id, "secret", mintWebhookSecret()))],
    );
    ids.push(id);
  }
  return ids;
}

async function fillLines(webhookIds: readonly number[], count: number): Promise<void> {
  await ask(
    `INSERT INTO webhook_events (account_id, webhook_id, message_id, event, body, next_attempt_at)
    SELECT w.account_id, w.id, 'msg_' || gen_random_uuid(), 'vehicle_created',
      json_build_object('id', n, 'event', 'vehicle_created', 'payload', repeat('x', 600))::text, clock_timestamp()
    FROM generate_series(1, $2::int) n JOIN webhooks w ON w.id = ($1::int[])[1 + n % ${ENDPOINTS}]`,
    [webhookIds, count],
  );
}

const permit = authorize(
  { actor: { kind: "system", name: "bench" }, account: null, origin: { ip: null, requestId: null } },
  "webhooks.deliver",
);

async function timed(count: number, work: () => Promise<unknown>): Promise<DeliverResult> {
  const startedAt = performance.now();
  await work();
  return { perSecond: (count / (performance.now() - startedAt)) * 1000, p95Ms: 0 };
}

/** The queue as the worker runs it, until so many jobs are done. */
async function runQueue(count: number, task: (payload: unknown) => Promise<void>): Promise<DeliverResult> {
  // In batches: no statement may take longer than 5 seconds.
  for (let from = 1; from <= count; from += BATCH_SIZE)
    await ask(
      "SELECT count(graphile_worker.add_job('bench.job', json_build_object('n', n))) FROM generate_series($1::int, $2::int) n",
      [from, Math.min(from + BATCH_SIZE - 1, count)],
    );
  let done = 0;
  return timed(count, async () => {
    let finish: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (finish = resolve));
    const taskList: TaskList = {
      "bench.job": async (payload) => {
        await task(payload);
        done += 1;
        if (done === count) finish();
      },
    };
    const preset = { worker: { concurrentJobs: 4, localQueue: { size: 5 } } };
    const runner = await run({ pgPool: writePool(), taskList, noHandleSignals: true, parsedCronItems: [], preset });
    await all;
    await runner.stop();
  });
}

async function deliverInBatches({ receiver, count }: DeliverOrder): Promise<DeliverResult> {
  const webhookIds = await makeWebhooks(receiver, false);
  await fillLines(webhookIds, count);
  const dispatcher = new Dispatcher();
  const result = await timed(count, async () => {
    await dispatcher.wake(permit, databaseNow);
    await dispatcher.settle();
  });
  const [left] = await ask<{ count: number }>(
    "SELECT count(*)::int AS count FROM webhook_events WHERE status <> 'delivered' AND webhook_id = ANY($1)",
    [webhookIds],
  );
  if (left?.count !== 0) throw new Error(`${left?.count ?? "?"} deliveries were not taken`);
  return result;
}

interface NaiveRow {
  readonly url: string;
  readonly webhook_id: number;
  readonly message_id: string;
  readonly body: string;
  readonly secret: Uint8Array;
}

/** A job a delivery that reads, signs, sends by global `fetch` and records, as one writes it first. */
async function deliverNaively({ receiver, count }: DeliverOrder): Promise<DeliverResult> {
  await fillLines(await makeWebhooks(receiver, false), count);
  const ids = await ask<{ id: number }>("SELECT id FROM webhook_events WHERE status = 'pending' ORDER BY id");
  return runQueue(count, async () => {
    const id = ids.pop()?.id;
    const [row] = await ask<NaiveRow>(
      "SELECT w.url, w.secret, e.webhook_id, e.message_id, e.body FROM webhook_events e JOIN webhooks w ON w.id = e.webhook_id WHERE e.id = $1",
      [id],
    );
    if (row === undefined) throw new Error("a delivery is missing");
    const key = openForWebhook(row.webhook_id, "secret", row.secret);
    const sentAt = await databaseNow();
    const headers = signatureHeaders({ sharedKeys: [key], messageId: row.message_id, sentAt, body: row.body });
    const answer = await fetch(row.url, { method: "POST", body: row.body, headers });
    const text = await answer.text();
    await ask(
      "INSERT INTO webhook_attempts (webhook_event_id, sent_at, duration_ms, request_headers, response_status, response_body) VALUES ($1, $2, 1, $3, $4, $5)",
      [id, sentAt, headers, answer.status, text],
    );
    await ask(
      "UPDATE webhook_events SET status = 'delivered', next_attempt_at = NULL, attempts = 1, last_sent_at = $2 WHERE id = $1",
      [id, sentAt],
    );
  });
}

async function insertOnly({ count }: DeliverOrder): Promise<DeliverResult> {
  await ask("CREATE TABLE IF NOT EXISTS bench_rows (id serial PRIMARY KEY, at timestamptz NOT NULL)");
  return runQueue(count, async () => {
    await ask("INSERT INTO bench_rows (at) VALUES (clock_timestamp())");
  });
}

async function postOnly({ receiver, count }: DeliverOrder): Promise<DeliverResult> {
  const pool = new Pool(receiver, { connections: 50 });
  const body = JSON.stringify({ payload: "x".repeat(600) });
  let left = count;
  const result = await timed(count, () =>
    Promise.all(
      Array.from({ length: 50 }, async () => {
        while (left-- > 0) await (await pool.request({ method: "POST", path: "/", body })).body.dump();
      }),
    ),
  );
  await pool.close();
  return result;
}

/** Ten deliveries to each of a hundred endpoints, two seconds long; the first endpoint never answers. */
async function besideADeadOne({ receiver }: DeliverOrder): Promise<DeliverResult> {
  const ids = await makeWebhooks(receiver, true);
  const dispatcher = new Dispatcher();
  for (let round = 0; round < 10; round += 1) {
    await fillLines(ids, ENDPOINTS);
    await dispatcher.wake(permit, databaseNow);
    await sleep(200);
  }
  await sleep(2000);
  const [late] = await ask<{ ms: number; open: number }>(
    `SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM COALESCE(last_sent_at, clock_timestamp()) - created_at) * 1000)::float8 AS ms
    FROM webhook_events WHERE webhook_id = ANY($1) AND webhook_id <> $2`,
    [ids, ids[0]],
  );
  await dispatcher.stop(0);
  return { perSecond: 0, p95Ms: late?.ms ?? Number.NaN };
}

const WAYS: Readonly<Record<DeliverOrder["what"], (order: DeliverOrder) => Promise<DeliverResult>>> = {
  inserts: insertOnly,
  deliveries: deliverInBatches,
  naive: deliverNaively,
  posts: postOnly,
  dead: besideADeadOne,
};

process.on("message", (order: DeliverOrder) => {
  void WAYS[order.what](order).then((result) => process.send?.(result));
});
// Pools and queues would keep it alive.
process.on("disconnect", () => process.exit());
