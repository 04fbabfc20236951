import "server-only";
import { randomBytes } from "node:crypto";

import type { Permit } from "@/lib/auth/permit";
import type { PublishedEvent } from "@/lib/jobs/publish-events";
import { readSql, Prisma } from "@/lib/platform/database/db";
import { bookkeepingDb, type Tx } from "@/lib/platform/database/write-db";
import { isApiVersion, LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";
import { stepDown } from "@/lib/public-api/versions/step-down";
import { subscriberKindOf, resourceOf, wireName, type WebhookEventName, type WebhookEventWireName } from "./policy";

/** Sends one delivery: `{ webhookEventId }`. */
const DELIVER = "webhooks.deliver";
/** Bodies of one statement: a few kilobytes each. */
const BATCH_SIZE = 200;

/** What a receiver is told, as it is written into a delivery. */
export interface DeliveryMessage {
  readonly event: WebhookEventWireName;
  readonly occurredAt: string;
  /** In the newest shape. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly resource: string;
  readonly triggeredBy: string | null;
  /** The audit entry's; null for a test. */
  readonly sequence: number | null;
}

interface Subscriber {
  readonly id: number;
  readonly accountId: number;
  readonly apiVersion: string;
}

/** The body as it is sent, to the byte, whatever becomes of the record later. */
export function bodyOf(id: number, message: DeliveryMessage, apiVersion: string): string {
  const version = isApiVersion(apiVersion) ? apiVersion : LATEST_API_VERSION;
  return JSON.stringify({
    id,
    event: message.event,
    timestamp: message.occurredAt,
    payload: stepDown(message.resource, version, message.payload),
    triggered_by: message.triggeredBy,
  });
}

interface Delivery {
  readonly id: number;
  readonly account_id: number;
  readonly webhook_id: number;
  readonly message_id: string;
  readonly sequence: number | null;
  readonly event: string;
  readonly body: string;
}

/** What is told to whom. */
interface OutgoingDelivery {
  readonly webhook: Subscriber;
  readonly message: DeliveryMessage;
}

/**
 * One delivery for each, and a job that sends it, in one statement. An event that a webhook has already is left out:
 * twice is once. Gives the ids of what was made.
 */
export async function insertDeliveries(
  tx: Pick<Tx, "$queryRaw">,
  outgoing: readonly OutgoingDelivery[],
): Promise<number[]> {
  if (outgoing.length === 0) return [];
  const ids = await tx.$queryRaw<{ id: number }[]>`
    SELECT nextval('webhook_events_id_seq')::int AS id FROM generate_series(1, ${outgoing.length}::int)`;
  const deliveries = outgoing.map(({ webhook, message }, index): Delivery => {
    const id = ids[index]?.id ?? 0;
    return {
      id,
      account_id: webhook.accountId,
      webhook_id: webhook.id,
      message_id: `msg_${randomBytes(16).toString("hex")}`,
      sequence: message.sequence,
      event: message.event,
      body: bodyOf(id, message, webhook.apiVersion),
    };
  });
  const made = await tx.$queryRaw<{ id: number; job: string }[]>`
    WITH made AS (
      INSERT INTO webhook_events (id, account_id, webhook_id, message_id, sequence, event, body, next_attempt_at, created_at)
      SELECT d.id, d.account_id, d.webhook_id, d.message_id, d.sequence, d.event, d.body, clock_timestamp(), clock_timestamp()
      FROM json_to_recordset(${JSON.stringify(deliveries)}::json)
        AS d(id int, account_id int, webhook_id int, message_id text, sequence int, event text, body text)
      ON CONFLICT (webhook_id, sequence) DO NOTHING
      RETURNING id
    )
    SELECT made.id, (graphile_worker.add_job(${DELIVER}, json_build_object('webhookEventId', made.id),
      job_key => ${`${DELIVER}/`} || made.id)).id::text AS job FROM made`;
  return made.map(({ id }) => id);
}

/** A job that sends what is due; named after one delivery, so that many askings are one. */
export async function scheduleDelivery(tx: Pick<Tx, "$executeRaw">, id: number): Promise<void> {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(${DELIVER}, json_build_object('webhookEventId', ${id}::int), job_key => ${`${DELIVER}/${id}`})`;
}

/**
 * The account's webhooks that asked for this event, and were there when it happened. One that was made ahead of now, by
 * a clock that was set back since, would hear of nothing until then.
 */
function findSubscribers({ accountId, name, occurredAt }: PublishedEvent): Promise<Subscriber[]> {
  const eventName = name as WebhookEventName;
  return readSql<Subscriber>(Prisma.sql`
    SELECT w.id, w.account_id AS "accountId", w.api_version AS "apiVersion"
    FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = ${accountId} AND w.enabled AND (w.all_events OR ${wireName(eventName)} = ANY(w.events))
      AND a.kind::text = ${subscriberKindOf(eventName)} AND (w.created_at <= ${occurredAt}::timestamptz OR w.created_at > clock_timestamp() + interval '1 minute')
    ORDER BY w.id`);
}

/** Puts down what each webhook of the account that asked for these events is sent, exactly once. */
export async function enqueueDeliveries(
  _permit: Permit<"webhooks.enqueueDeliveries">,
  { events }: { readonly events: readonly PublishedEvent[] },
): Promise<void> {
  const known = new Map<string, Subscriber[]>();
  const outgoing: OutgoingDelivery[] = [];
  for (const event of events) {
    const { accountId, sequence, payload, triggeredBy, occurredAt } = event;
    if (payload === null) continue;
    const name = event.name as WebhookEventName;
    const asked = `${accountId} ${name} ${occurredAt}`;
    const webhooks = known.get(asked) ?? (await findSubscribers(event));
    known.set(asked, webhooks);
    const message = { event: wireName(name), occurredAt, payload, resource: resourceOf(name), triggeredBy, sequence };
    for (const webhook of webhooks) outgoing.push({ webhook, message });
  }
  for (let from = 0; from < outgoing.length; from += BATCH_SIZE)
    await insertDeliveries(bookkeepingDb(), outgoing.slice(from, from + BATCH_SIZE));
}
