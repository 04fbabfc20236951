import "server-only";

import { mayDo, type Permit } from "@/lib/auth/permit";
import { databaseNow, Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import { MAX_WEBHOOKS, verbsFor, type DeliveryStatus, type DisabledReason, type WebhookVerb } from "./policy";
import type { WebhookEventWithBody, WebhookRecord } from "./presenter";

/** What a webhook is read with; `where` shows the account. */
export function webhookSource(accountId: number) {
  return {
    accountId,
    select: Prisma.sql`w.id, w.account_id AS "accountId", a.kind::text AS "accountKind", w.url, w.description, w.enabled,
      w.all_events AS "allEvents", w.events, w.api_version AS "apiVersion", w."authorization" IS NOT NULL AS "hasAuthorization",
      w.failed_attempts AS "failedAttempts", w.disabled_at AS "disabledAt", w.disabled_reason::text AS "disabledReason",
      w.created_at AS "createdAt", w.updated_at AS "updatedAt"`,
    from: Prisma.sql`webhooks w JOIN accounts a ON a.id = w.account_id`,
    where: Prisma.sql`w.account_id = ${accountId} AND w.deleted_at IS NULL`,
  };
}

/** @throws DomainError not_found */
export async function findWebhook(permit: Permit<"webhooks.read">, { id }: { id: number }): Promise<WebhookRecord> {
  const { select, from, where } = webhookSource(permit.account.id);
  const [webhook] = await readSql<WebhookRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND w.id = ${id}`,
  );
  if (webhook === undefined) throw noSuchRecord();
  return webhook;
}

/** What a delivery is read with, and what came of its last attempt; those of webhooks deleted since are there until they are swept. */
export function webhookEventSource(accountId: number) {
  return {
    accountId,
    select: Prisma.sql`e.id, e.account_id AS "accountId", e.webhook_id AS "webhookId", e.message_id AS "messageId", e.event,
      e.status, e.attempts, e.last_sent_at AS "lastSentAt", e.next_attempt_at AS "nextAttemptAt", e.created_at AS "createdAt",
      COALESCE(e.updated_at, e.last_sent_at, e.created_at) AS "updatedAt", last.response_status AS "lastResponseStatus",
      last.response_body AS "responseBody", last.error AS "lastError"`,
    from: Prisma.sql`webhook_events e
      LEFT JOIN LATERAL (SELECT t.response_status, t.response_body, t.error FROM webhook_attempts t
        WHERE t.webhook_event_id = e.id ORDER BY t.id DESC LIMIT 1) last ON TRUE`,
    table: Prisma.sql`webhook_events e`,
    where: Prisma.sql`e.account_id = ${accountId}`,
  };
}

/** @throws DomainError not_found */
export async function findWebhookEvent(
  permit: Permit<"webhooks.read">,
  { id }: { id: number },
): Promise<WebhookEventWithBody> {
  const { select, from, where } = webhookEventSource(permit.account.id);
  const [event] = await readSql<WebhookEventWithBody>(
    Prisma.sql`SELECT ${select}, e.body FROM ${from} WHERE ${where} AND e.id = ${id}`,
  );
  if (event === undefined) throw noSuchRecord();
  return event;
}

/** One webhook as the screen sees it; times are ISO 8601 in UTC. Never a secret. */
export interface WebhookRow {
  readonly id: number;
  readonly revision: number;
  readonly url: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly disabled: { readonly reason: DisabledReason; readonly at: string } | null;
  /** The first failure since the last success; null while all is well. */
  readonly failingSince: string | null;
  readonly allEvents: boolean;
  readonly events: readonly string[];
  readonly apiVersion: string;
  readonly hasAuthorization: boolean;
  /** Until when the secret before the last rotation signs as well; null when it does not. */
  readonly oldSecretUntil: string | null;
  readonly lastDelivery: { readonly status: DeliveryStatus; readonly event: string; readonly at: string } | null;
  readonly createdAt: string;
  readonly verbs: readonly WebhookVerb[];
}

interface RowRecord extends WebhookRecord, Pick<WebhookRow, "revision" | "lastDelivery"> {
  readonly failingSince: Date | null;
  readonly oldSecretUntil: Date | null;
  readonly now: Date;
}

async function readRows(permit: Permit<"webhooks.read">, condition: Prisma.Sql): Promise<readonly RowRecord[]> {
  const { select, from, where } = webhookSource(permit.account.id);
  return readSql<RowRecord>(Prisma.sql`
    SELECT ${select}, w.revision, w.failing_since AS "failingSince", statement_timestamp() AS now,
      CASE WHEN w.previous_secret_ends_at > statement_timestamp() THEN w.previous_secret_ends_at END AS "oldSecretUntil",
      (SELECT json_build_object('status', e.status, 'event', e.event, 'at', to_char(COALESCE(e.last_sent_at, e.created_at), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        FROM webhook_events e WHERE e.account_id = w.account_id AND e.webhook_id = w.id ORDER BY e.id DESC LIMIT 1) AS "lastDelivery"
    FROM ${from} WHERE ${where} AND ${condition} ORDER BY w.id DESC LIMIT ${MAX_WEBHOOKS}`);
}

function toRow(permit: Permit<"webhooks.read">, record: RowRecord): WebhookRow {
  return {
    id: record.id,
    revision: record.revision,
    url: record.url,
    description: record.description,
    enabled: record.enabled,
    disabled:
      record.disabledAt && record.disabledReason
        ? { reason: record.disabledReason, at: record.disabledAt.toISOString() }
        : null,
    failingSince: record.failingSince?.toISOString() ?? null,
    allEvents: record.allEvents,
    events: record.events,
    apiVersion: record.apiVersion,
    hasAuthorization: record.hasAuthorization,
    oldSecretUntil: record.oldSecretUntil?.toISOString() ?? null,
    lastDelivery: record.lastDelivery,
    createdAt: record.createdAt.toISOString(),
    verbs: verbsFor(record.enabled, (permission) => mayDo(permit.actor, permission)),
  };
}

/** Every webhook of the account, the newest first: there are never more than fit on a page. */
export async function listWebhookRows(
  permit: Permit<"webhooks.read">,
): Promise<{ readonly rows: readonly WebhookRow[]; readonly now: string }> {
  const records = await readRows(permit, Prisma.sql`TRUE`);
  const now = records[0]?.now ?? (await databaseNow());
  return { rows: records.map((record) => toRow(permit, record)), now: now.toISOString() };
}

/** One of them. @throws DomainError not_found */
export async function getWebhookRow(permit: Permit<"webhooks.read">, { id }: { id: number }): Promise<WebhookRow> {
  const [record] = await readRows(permit, Prisma.sql`w.id = ${id}`);
  if (record === undefined) throw noSuchRecord();
  return toRow(permit, record);
}
