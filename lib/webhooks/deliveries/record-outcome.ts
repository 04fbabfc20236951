import "server-only";
import { setTimeout as sleep } from "node:timers/promises";

import { coalesced } from "@/lib/platform/coalesced";
import { log } from "@/lib/platform/log";
import { LONGEST_WAIT_MS, writePool } from "@/lib/platform/database/pool";
import type { NextStep } from "../policy";
import type { ClaimedDelivery } from "./claim-deliveries";

/** One request and what came of it. */
export interface Attempt {
  readonly sentAt: Date;
  readonly durationMs: number;
  /** Without `authorization` and signatures. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseStatus: number | null;
  readonly responseHeaders: Readonly<Record<string, string | string[] | undefined>> | null;
  readonly responseBody: string | null;
  readonly error: string | null;
}

export interface Outcome {
  readonly delivery: ClaimedDelivery;
  readonly attempt: Attempt;
  readonly next: NextStep;
}

/** Whether it counted (somebody else may have taken over), and since when its webhook has known nothing but failures. */
export interface Recorded {
  readonly counted: boolean;
  readonly failingSince: Date | null;
}

const MAX_BATCH = 200;
const TRIES = 20;
const PAUSE_MS = 500;

/** A claim that has passed to somebody else records nothing: what he notes is what counts. */
const RECORD = `
  WITH given AS (
    SELECT * FROM json_to_recordset($1::json) AS g(id int, webhook_id int, leased_until timestamptz, status text,
      next_attempt_at timestamptz, retries int, sent_at timestamptz, duration_ms int, request_headers jsonb,
      response_status int, response_headers jsonb, response_body text, error text)
  ), settled AS (
    UPDATE webhook_events e SET status = g.status, next_attempt_at = g.next_attempt_at, retries = g.retries,
      attempts = e.attempts + 1, last_sent_at = g.sent_at, updated_at = clock_timestamp(), leased_until = NULL
    FROM given g WHERE e.id = g.id AND e.status = 'pending' AND e.leased_until = g.leased_until
    RETURNING e.id, e.webhook_id, e.status, g.sent_at
  ), logged AS (
    INSERT INTO webhook_attempts (webhook_event_id, sent_at, duration_ms, request_headers, response_status, response_headers,
      response_body, error)
    SELECT g.id, g.sent_at, g.duration_ms, g.request_headers, g.response_status, g.response_headers, g.response_body, g.error
    FROM given g JOIN settled USING (id)
  ), tally AS (
    SELECT webhook_id, bool_or(status = 'delivered') AS succeeded, count(*)::int AS attempts, min(sent_at) AS since
    FROM settled GROUP BY webhook_id
  ), noted AS (
    UPDATE webhooks w SET failed_attempts = CASE WHEN t.succeeded THEN 0 ELSE w.failed_attempts + t.attempts END,
      failing_since = CASE WHEN t.succeeded THEN NULL ELSE COALESCE(w.failing_since, t.since) END
    FROM tally t WHERE w.id = t.webhook_id AND (NOT t.succeeded OR w.failed_attempts > 0 OR w.failing_since IS NOT NULL)
    RETURNING w.id, w.failing_since
  )
  SELECT settled.id, noted.failing_since AS "failingSince" FROM settled LEFT JOIN noted ON noted.id = settled.webhook_id`;

function rowOf({ delivery, attempt, next }: Outcome) {
  return {
    id: delivery.id,
    webhook_id: delivery.webhookId,
    leased_until: delivery.leasedUntil,
    status: next.status,
    next_attempt_at: next.nextAttemptAt,
    retries: next.retries,
    sent_at: attempt.sentAt,
    duration_ms: attempt.durationMs,
    request_headers: attempt.requestHeaders,
    response_status: attempt.responseStatus,
    response_headers: attempt.responseHeaders,
    response_body: attempt.responseBody,
    error: attempt.error,
  };
}

async function recordOnce(outcomes: readonly Outcome[]): Promise<Recorded[]> {
  const { rows } = await writePool().query<{ id: number; failingSince: Date | null }>({
    name: "record-deliveries",
    text: RECORD,
    values: [JSON.stringify(outcomes.map(rowOf))],
  });
  const failing = new Map(rows.map(({ id, failingSince }) => [id, failingSince]));
  return outcomes.map(({ delivery: { id } }) => ({ counted: failing.has(id), failingSince: failing.get(id) ?? null }));
}

/** What was sent and not recorded is sent once more: a database that is away for a moment is waited for. */
async function recordAll(outcomes: readonly Outcome[]): Promise<Recorded[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await recordOnce(outcomes);
    } catch (error) {
      if (tries >= TRIES) throw error;
      log().warn({ err: error, deliveries: outcomes.length }, "deliveries were not recorded; it is tried again");
      await sleep(PAUSE_MS);
    }
  }
}

/** Records what came of an attempt; those of one moment travel together. */
export const recordOutcome = coalesced(recordAll, {
  maxBatch: MAX_BATCH,
  maxInFlight: 2,
  timeoutMs: TRIES * (LONGEST_WAIT_MS + PAUSE_MS),
});
