import "server-only";

import type { Slots } from "@/lib/jobs/slots";
import { writePool } from "@/lib/platform/database/pool";

/** A delivery that is ours to send until its lease ends, and the webhook that it goes to. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly accountId: number;
  readonly webhookId: number;
  /** Its webhook's last attempt failed. */
  readonly isFailing: boolean;
  readonly messageId: string;
  readonly body: string;
  readonly retries: number;
  /** Tells this claim from every other one. */
  readonly leasedUntil: Date;
  readonly url: string;
  readonly authorization: Uint8Array | null;
  readonly secret: Uint8Array;
  /** Signs as well, until then. */
  readonly previousSecret: Uint8Array | null;
  readonly previousSecretEndsAt: Date | null;
}

export interface Claim {
  readonly now: Date;
  /** Who holds what already, and what is free. */
  readonly slots: Pick<Slots<unknown>, "free" | "failing" | "byAccount" | "byLine">;
  /** At most so many under way at one endpoint. */
  readonly roomEach: number;
  /** At most so many under way to endpoints whose last attempt failed, one each: the dead must not take the place of the living. */
  readonly roomForFailing: number;
}

/** Longer than an attempt and its record may take, and short enough that another worker takes over within a minute. */
const LEASE_SECONDS = 40;

/**
 * Goes from one endpoint with something in line to the next by index, whatever stands behind the first in each line.
 * Who holds least comes first, and an account holds at most as many slots as are free after that; of these at most
 * every third goes to endpoints that fail while others have something to send.
 */
const CLAIM = `
  WITH RECURSIVE line(webhook_id) AS (
    (SELECT webhook_id FROM webhook_events WHERE status = 'pending' ORDER BY webhook_id LIMIT 1)
    UNION ALL
    SELECT (SELECT e.webhook_id FROM webhook_events e
      WHERE e.status = 'pending' AND e.webhook_id > line.webhook_id ORDER BY e.webhook_id LIMIT 1)
    FROM line WHERE line.webhook_id IS NOT NULL
  ), holder AS MATERIALIZED (
    SELECT * FROM json_to_recordset($3::json) AS h(id int, count int, failing int)
  ), due AS (
    SELECT first.id, first.account_id, w.failed_attempts > 0 AS failing, COALESCE(holder.count, 0) AS held,
      CASE WHEN w.failed_attempts > 0 THEN COALESCE(holder.failing, 0)
        ELSE COALESCE(holder.count - holder.failing, 0) END
      + row_number() OVER (PARTITION BY first.account_id, w.failed_attempts > 0
        ORDER BY first.next_attempt_at, first.id) AS turn
    FROM line JOIN webhooks w ON w.id = line.webhook_id AND w.enabled
      LEFT JOIN json_to_recordset($2::json) AS busy(id int, count int) ON busy.id = w.id
      LEFT JOIN holder ON holder.id = w.account_id
      CROSS JOIN LATERAL (
        SELECT e.id, e.account_id, e.next_attempt_at FROM webhook_events e
        WHERE e.webhook_id = w.id AND e.status = 'pending' AND e.next_attempt_at <= $1::timestamptz
          AND (e.leased_until IS NULL OR e.leased_until <= $1::timestamptz)
        ORDER BY e.next_attempt_at, e.id
        LIMIT greatest(0, CASE WHEN w.failed_attempts > 0 THEN 1 ELSE $5::int END - COALESCE(busy.count, 0))
        FOR UPDATE SKIP LOCKED) AS first
  ), living AS (
    SELECT due.*, row_number() OVER (PARTITION BY failing ORDER BY turn, id) AS nth FROM due
  ), holding AS (
    SELECT id, failing, turn,
      held + row_number() OVER (PARTITION BY account_id ORDER BY CASE WHEN failing THEN 2 * turn ELSE turn END, failing, id)
        AS holds
    FROM living WHERE NOT failing OR nth <= $6::int
  ), placed AS (
    SELECT *, $4::int - row_number() OVER (ORDER BY holds, failing, id) AS free FROM holding
  ), picked AS (
    SELECT id FROM placed WHERE free >= 0 AND (holds = 1 OR holds <= free) AND (NOT failing OR turn = 1 OR 2 * turn <= free)
  )
  UPDATE webhook_events e SET leased_until = $1::timestamptz + make_interval(secs => ${LEASE_SECONDS})
  FROM picked, webhooks w WHERE e.id = picked.id AND w.id = e.webhook_id
  RETURNING e.id, e.account_id AS "accountId", e.webhook_id AS "webhookId", e.message_id AS "messageId", e.body, e.retries,
    e.leased_until AS "leasedUntil", w.failed_attempts > 0 AS "isFailing", w.url, w."authorization", w.secret, w.previous_secret AS "previousSecret",
    w.previous_secret_ends_at AS "previousSecretEndsAt"`;

/** Takes what is due; nobody else sends it meanwhile. */
export async function claimDeliveries({ now, slots, roomEach, roomForFailing }: Claim): Promise<ClaimedDelivery[]> {
  const [lines, accounts] = [slots.byLine(), slots.byAccount()].map((held) => JSON.stringify(held));
  const values = [now, lines, accounts, slots.free, roomEach, roomForFailing - slots.failing];
  const { rows } = await writePool().query<ClaimedDelivery>({ name: "claim-deliveries", text: CLAIM, values });
  return rows;
}

const HAND_BACK = `
  UPDATE webhook_events e SET leased_until = NULL
  FROM json_to_recordset($1::json) AS held(id int, "leasedUntil" timestamptz)
  WHERE e.id = held.id AND e.leased_until = held."leasedUntil" AND e.status = 'pending'`;

/** For who stops before it was sent. */
export async function handBack(deliveries: readonly ClaimedDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const held = deliveries.map(({ id, leasedUntil }) => ({ id, leasedUntil }));
  await writePool().query(HAND_BACK, [JSON.stringify(held)]);
}

/** Of a webhook that was disabled nothing more is sent, not even what waits. */
const CANCEL = `
  UPDATE webhook_events e SET status = 'canceled', next_attempt_at = NULL, leased_until = NULL, updated_at = clock_timestamp()
  WHERE e.id IN (
    SELECT p.id FROM webhooks w CROSS JOIN LATERAL (
      SELECT id FROM webhook_events p WHERE p.webhook_id = w.id AND p.status = 'pending'
        AND (p.leased_until IS NULL OR p.leased_until <= $1::timestamptz)
      LIMIT 1000 FOR UPDATE SKIP LOCKED) AS p
    WHERE NOT w.enabled)`;

export async function cancelOfDisabled(now: Date): Promise<void> {
  await writePool().query(CANCEL, [now]);
}

interface Outlook {
  /** How long until the next delivery is due; null where none is to come. */
  readonly dueInMs: number | null;
  /** Whether one is due or to come, or is under way somewhere. */
  readonly isAnyPending: boolean;
}

const IS_ANY_PENDING = `EXISTS (SELECT FROM webhook_events WHERE status = 'pending') AS "isAnyPending"`;

export async function readOutlook(now: Date): Promise<Outlook> {
  const { rows } = await writePool().query<Outlook>(
    `SELECT (extract(epoch FROM min(next_attempt_at) - $1::timestamptz) * 1000)::float8 AS "dueInMs", ${IS_ANY_PENDING}
    FROM webhook_events WHERE status = 'pending' AND next_attempt_at > $1::timestamptz`,
    [now],
  );
  return rows[0] ?? { dueInMs: null, isAnyPending: true };
}

export async function isAnyPending(): Promise<boolean> {
  const { rows } = await writePool().query<{ isAnyPending: boolean }>(`SELECT ${IS_ANY_PENDING}`);
  return rows[0]?.isAnyPending ?? true;
}
