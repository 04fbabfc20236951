import "server-only";

import { mayDo, type Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import {
  boundedCount,
  COUNT_STOPS_AT,
  readMatchingPage,
  type ListOrder,
  type ListPage,
  type MatchingRequest,
} from "@/lib/platform/list-page";
import { DELIVERY_STATUSES, deliveryVerbs, type DeliveryStatus, type DeliveryVerb } from "../policy";
import type { DeliveryListQuery, FailedSinceInput } from "../schema";

type Reader = Permit<"webhooks.read">;

/** One delivery as the screen sees it; times are ISO 8601 in UTC. */
export interface DeliveryRow {
  readonly id: number;
  /** "vehicle_created (delivery 12)" */
  readonly name: string;
  readonly event: string;
  /** Somebody sent it to try the webhook. */
  readonly isTest: boolean;
  readonly status: DeliveryStatus;
  /** Somebody is sending it at this moment. */
  readonly underWay: boolean;
  readonly attempts: number;
  /** What came of the last attempt. */
  readonly responseStatus: number | null;
  readonly error: string | null;
  readonly lastSentAt: string | null;
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
  readonly verbs: readonly DeliveryVerb[];
}

export interface DeliveryList extends ListPage<DeliveryRow> {
  /** Under the event at hand; each stops at 1,001. */
  readonly counts: Readonly<Record<DeliveryStatus | "all", number>>;
  /** The database's clock when the page was read. */
  readonly now: string;
}

type Instants = "lastSentAt" | "nextAttemptAt" | "createdAt";

interface Facts extends Omit<DeliveryRow, Instants | "name" | "verbs"> {
  readonly lastSentAt: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
  readonly enabled: boolean;
}

const PAGE_SIZE = 50;
const NEWEST: ListOrder = { name: "newest", expression: Prisma.sql`id`, type: "int4", direction: "desc" };

/** Of a delivery `e`, its webhook `w`, and its last attempt. */
const FACTS = Prisma.sql`
  e.id, e.event, e.sequence IS NULL AS "isTest", e.status, e.attempts, last.response_status AS "responseStatus", last.error,
  e.status = 'pending' AND COALESCE(e.leased_until > statement_timestamp(), false) AS "underWay", w.enabled,
  e.last_sent_at AS "lastSentAt", e.next_attempt_at AS "nextAttemptAt", e.created_at AS "createdAt"`;
const BESIDE = Prisma.sql`
  JOIN webhooks w ON w.account_id = e.account_id AND w.id = e.webhook_id AND w.deleted_at IS NULL
  LEFT JOIN LATERAL (SELECT t.response_status, t.error FROM webhook_attempts t
    WHERE t.webhook_event_id = e.id ORDER BY t.id DESC LIMIT 1) last ON TRUE`;

function toRow(permit: Reader, { enabled, ...facts }: Facts): DeliveryRow {
  const { id, event, isTest, status, underWay, attempts, responseStatus, error } = facts;
  return {
    id,
    name: `${event} (delivery ${id})`,
    event,
    isTest,
    status,
    underWay,
    attempts,
    responseStatus,
    error,
    lastSentAt: facts.lastSentAt?.toISOString() ?? null,
    nextAttemptAt: facts.nextAttemptAt?.toISOString() ?? null,
    createdAt: facts.createdAt.toISOString(),
    verbs: deliveryVerbs({ enabled, underWay }, (permission) => mayDo(permit.actor, permission)),
  };
}

type Counts = Readonly<Record<DeliveryStatus, number>> & { readonly now: Date };

async function countDeliveries(conditions: Prisma.Sql): Promise<Counts> {
  const counted = DELIVERY_STATUSES.map(
    (status) =>
      Prisma.sql`${boundedCount(Prisma.sql`FROM webhook_events WHERE ${conditions} AND status = ${status}`)} AS ${Prisma.raw(status)}`,
  );
  const [counts] = await readSql<Counts>(Prisma.sql`SELECT ${Prisma.join(counted)}, statement_timestamp() AS now`);
  if (counts === undefined) throw new Error("the database gave no counts");
  return counts;
}

/** By one filter, or none, an index holds the order; by both, few are sorted. */
function readingOf({ status, event }: DeliveryListQuery, count: number): MatchingRequest["reading"] {
  return status !== null && event !== null && count <= COUNT_STOPS_AT ? "sort" : "walk";
}

/** One page of a webhook's deliveries, the newest first, with the counts beside the statuses. */
export async function listDeliveries(
  permit: Reader,
  { webhookId, ...query }: DeliveryListQuery & { readonly webhookId: number },
): Promise<DeliveryList> {
  const { status, event, after, before } = query;
  const accountId = permit.account.id;
  const ofWebhook = Prisma.sql`account_id = ${accountId} AND webhook_id = ${webhookId}`;
  const conditions = event === null ? ofWebhook : Prisma.sql`${ofWebhook} AND event = ${event}`;
  const { now, ...statuses } = await countDeliveries(conditions);
  const all = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  const counts = { ...statuses, all: Math.min(all, COUNT_STOPS_AT + 1) };
  const request = {
    table: Prisma.sql`webhook_events`,
    conditions: status === null ? conditions : Prisma.sql`${conditions} AND status = ${status}`,
    accountId,
    reading: readingOf(query, counts[status ?? "all"]),
    order: NEWEST,
    after,
    before,
    size: PAGE_SIZE,
  };
  const page = await readMatchingPage<Facts & { sortValue: string }>(request, (found, order) =>
    readSql(Prisma.sql`
      WITH e AS (${found})
      SELECT ${FACTS}, e.sort_value::text AS "sortValue" FROM e ${BESIDE} ORDER BY ${order}`),
  );
  const rows = page.rows.map(({ sortValue: _, ...facts }) => toRow(permit, facts));
  return { ...page, rows, counts, now: now.toISOString() };
}

/** One request and what came of it. */
export interface AttemptRow {
  readonly id: number;
  readonly sentAt: string;
  readonly durationMs: number;
  /** `authorization` and the signatures are left out. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Null where no answer came. */
  readonly responseStatus: number | null;
  readonly responseHeaders: Readonly<Record<string, string | readonly string[]>> | null;
  readonly responseBody: string | null;
  readonly error: string | null;
}

export interface DeliveryDetails extends DeliveryRow {
  readonly webhook: { readonly id: number; readonly url: string };
  /** The header `webhook-id`, the same over all attempts. */
  readonly messageId: string;
  /** As it is sent, to the byte. */
  readonly body: string;
  /** The latest first, at most 50. */
  readonly log: readonly AttemptRow[];
  readonly now: string;
}

const SHOWN_ATTEMPTS = 50;

/** A delivery with all that is kept of it. @throws DomainError not_found */
export async function getDelivery(
  permit: Reader,
  { webhookId, id }: { readonly webhookId: number; readonly id: number },
): Promise<DeliveryDetails> {
  type Found = Facts & Pick<DeliveryDetails, "messageId" | "body"> & { readonly url: string; readonly now: Date };
  const [found] = await readSql<Found>(Prisma.sql`
    SELECT ${FACTS}, e.message_id AS "messageId", e.body, w.url, statement_timestamp() AS now FROM webhook_events e ${BESIDE}
    WHERE e.account_id = ${permit.account.id} AND e.webhook_id = ${webhookId} AND e.id = ${id}`);
  if (found === undefined) throw noSuchRecord();
  const attempts = await readSql<Omit<AttemptRow, "sentAt"> & { readonly sentAt: Date }>(Prisma.sql`
    SELECT t.id, t.sent_at AS "sentAt", t.duration_ms AS "durationMs", t.request_headers AS "requestHeaders", t.error,
      t.response_status AS "responseStatus", t.response_headers AS "responseHeaders", t.response_body AS "responseBody"
    FROM webhook_attempts t WHERE t.webhook_event_id = ${found.id} ORDER BY t.id DESC LIMIT ${SHOWN_ATTEMPTS}`);
  return {
    ...toRow(permit, found),
    webhook: { id: webhookId, url: found.url },
    messageId: found.messageId,
    body: found.body,
    log: attempts.map((attempt) => ({ ...attempt, sentAt: attempt.sentAt.toISOString() })),
    now: found.now.toISOString(),
  };
}

/**
 * What a redelivery since a time takes, in the words of the index `webhook_events_not_arrived`: what failed or was
 * canceled, and what waits for a retry.
 */
export function notArrivedSince(accountId: number, { id, since }: FailedSinceInput): Prisma.Sql {
  return Prisma.sql`e.account_id = ${accountId} AND e.webhook_id = ${id} AND e.created_at >= ${since}::timestamptz
    AND e.status <> 'delivered' AND (e.status <> 'pending' OR e.attempts > 0)
    AND (e.next_attempt_at IS NULL OR e.next_attempt_at > clock_timestamp())
    AND (e.leased_until IS NULL OR e.leased_until <= clock_timestamp())`;
}

/** How many a redelivery since a time would take; stops at 1,001. */
export async function countFailedSince(permit: Reader, input: FailedSinceInput): Promise<{ readonly count: number }> {
  const [counted] = await readSql<{ count: number }>(Prisma.sql`
    SELECT ${boundedCount(Prisma.sql`FROM webhook_events e WHERE ${notArrivedSince(permit.account.id, input)}`)} AS count`);
  return { count: counted?.count ?? 0 };
}
