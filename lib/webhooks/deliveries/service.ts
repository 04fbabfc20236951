import "server-only";

import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord } from "@/lib/platform/errors";
import { scheduleDelivery } from "../enqueue-deliveries";
import { deliveryVerbs, MAX_REDELIVERED_AT_ONCE, type DeliveryStatus } from "../policy";
import type { FailedSinceInput } from "../schema";
import { notArrivedSince } from "./queries";

type Manager = Permit<"webhooks.manage">;

interface HeldWebhook {
  readonly id: number;
  readonly url: string;
  readonly enabled: boolean;
  readonly isDeleted: boolean;
}

/** Held against being disabled or deleted until this is through. @throws DomainError not_found, conflict */
async function holdSending(tx: Tx, permit: Manager, id: number): Promise<HeldWebhook> {
  const [webhook] = await tx.$queryRaw<HeldWebhook[]>`
    SELECT w.id, w.url, w.enabled, w.deleted_at IS NOT NULL AS "isDeleted" FROM webhooks w
    WHERE w.account_id = ${permit.account.id} AND w.id = ${id} FOR NO KEY UPDATE`;
  if (webhook === undefined) throw noSuchRecord();
  if (webhook.isDeleted)
    throw new DomainError("conflict", "This webhook was deleted and sends nothing any more. Nothing was sent.");
  if (!webhook.enabled)
    throw new DomainError(
      "conflict",
      "This webhook is disabled and sends nothing. Enable it first, then redeliver. Nothing was sent.",
    );
  return webhook;
}

/** From the beginning of the schedule, at once, by the same `webhook-id`. */
const AGAIN = Prisma.sql`status = 'pending', retries = 0, next_attempt_at = clock_timestamp(), leased_until = NULL,
  updated_at = clock_timestamp()`;

interface HeldDelivery {
  readonly event: string;
  readonly status: DeliveryStatus;
  readonly underWay: boolean;
}

const UNDER_WAY = "It is being sent at this moment. Look at what comes of it first. Nothing was changed.";

/** The webhook is locked first. Who records an attempt locks the other way round: he is not waited for. */
async function holdDelivery(tx: Tx, permit: Manager, id: number): Promise<[HeldWebhook, HeldDelivery]> {
  const accountId = permit.account.id;
  const known = await tx.webhookEvent.findFirst({ where: { id, accountId }, select: { webhookId: true } });
  if (known === null) throw noSuchRecord();
  const webhook = await holdSending(tx, permit, known.webhookId);
  const [delivery] = await tx.$queryRaw<HeldDelivery[]>`
    SELECT e.event, e.status, e.status = 'pending' AND COALESCE(e.leased_until > clock_timestamp(), false) AS "underWay"
    FROM webhook_events e WHERE e.account_id = ${accountId} AND e.id = ${id} FOR NO KEY UPDATE SKIP LOCKED`;
  if (delivery === undefined) throw new DomainError("conflict", UNDER_WAY);
  return [webhook, delivery];
}

/**
 * Sends a delivery again, whatever became of it, with the same `webhook-id`.
 * @throws DomainError not_found; conflict where its webhook sends nothing, or where it is being sent
 */
export function redeliver(permit: Manager, { id }: { readonly id: number }): Promise<{ readonly event: string }> {
  return mutate(permit, async (tx) => {
    const [webhook, { event, status, underWay }] = await holdDelivery(tx, permit, id);
    if (deliveryVerbs({ enabled: webhook.enabled, underWay }, () => true).length === 0)
      throw new DomainError("conflict", UNDER_WAY);
    await tx.$executeRaw`
      UPDATE webhook_events SET ${AGAIN} WHERE account_id = ${permit.account.id} AND id = ${id}`;
    await scheduleDelivery(tx, id);
    const record = { type: "webhook", id: webhook.id, name: webhook.url } as const;
    const facts = { before: { status }, after: { delivery: id, event } };
    return { result: { event }, events: [{ name: "webhook.redelivered", record, ...facts }] };
  });
}

export interface RedeliveredSince {
  /** How many go out again by this. */
  readonly redelivered: number;
  /** From when on to ask again, where there may be more than one transaction takes; null where that was all. */
  readonly goOnFrom: string | null;
}

/**
 * Sends again what did not arrive since a time, the oldest first: at most 1,000, so that a long outage holds up nobody.
 * @throws DomainError not_found; conflict where the webhook sends nothing
 */
export function redeliverFailed(permit: Manager, input: FailedSinceInput): Promise<RedeliveredSince> {
  return mutate(permit, async (tx) => {
    const webhook = await holdSending(tx, permit, input.id);
    const again = await tx.$queryRaw<{ id: number; createdAt: Date }[]>`
      UPDATE webhook_events SET ${AGAIN} WHERE id IN (
        SELECT e.id FROM webhook_events e WHERE ${notArrivedSince(permit.account.id, input)}
        ORDER BY e.created_at, e.id LIMIT ${MAX_REDELIVERED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED)
      RETURNING id, created_at AS "createdAt"`;
    const [first] = again;
    if (first === undefined) return { result: { redelivered: 0, goOnFrom: null }, events: [] };
    await scheduleDelivery(tx, first.id);
    const redelivered = again.length;
    const last = again.reduce((latest, { createdAt }) => (createdAt > latest ? createdAt : latest), first.createdAt);
    const record = { type: "webhook", id: webhook.id, name: webhook.url } as const;
    return {
      result: { redelivered, goOnFrom: redelivered < MAX_REDELIVERED_AT_ONCE ? null : last.toISOString() },
      events: [{ name: "webhook.redelivered", record, after: { since: input.since, deliveries: redelivered } }],
    };
  });
}
