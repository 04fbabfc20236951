import { z } from "zod";

import { countShape, idShape, instantShape, textOrNull, wholeShape } from "@/lib/platform/output-fields";
import { redactSecretsWithin } from "@/lib/platform/secret-patterns";
import {
  DELIVERY_STATUSES,
  DISABLED_REASONS,
  eventsFor,
  WEBHOOK_EVENTS,
  type DeliveryStatus,
  type DisabledReason,
  type WebhookEventWireName,
} from "./policy";
import { HIDDEN } from "./schema";

/** A webhook as the API knows it. Never a secret in it. */
export interface WebhookRecord {
  readonly id: number;
  readonly accountId: number;
  readonly accountKind: "partner" | "customer";
  readonly url: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly allEvents: boolean;
  readonly events: readonly string[];
  readonly apiVersion: string;
  readonly hasAuthorization: boolean;
  readonly failedAttempts: number;
  readonly disabledAt: Date | null;
  readonly disabledReason: DisabledReason | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The same with the secret that was made with it. */
export interface CreatedWebhook extends WebhookRecord {
  readonly secret: string;
}

export const webhookShape = z.strictObject({
  id: idShape(),
  account_id: idShape(),
  url: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  all_events: z.boolean().meta({ description: "Also the events to come." }),
  subscribed_events: z.record(z.string(), z.boolean()).meta({
    description: "Every event of the account, and whether it is sent.",
    examples: [{ vehicle_created: true }],
  }),
  api_version: z.string().meta({ description: "The version whose shape the records have: the one it was created in." }),
  authorization: textOrNull().meta({
    description: `Sent along as the header \`Authorization\`. Shown as \`${HIDDEN}\`; written back, that changes nothing.`,
  }),
  shared_key: textOrNull().meta({
    description: "Signs the deliveries. Told once, by the POST that makes it; else null.",
  }),
  failed_attempts: countShape().meta({ description: "Since the last success." }),
  disabled_at: instantShape().nullable(),
  disabled_reason: z.enum(DISABLED_REASONS).nullable().meta({
    description:
      "`gone`: the receiver answered 410. `failing`: nothing but failures for 5 days. `secret_lost`: the Hub’s database was restored from before its secret was rotated; put the secret that it has now into the receiver, then enable it.",
  }),
  created_at: instantShape(),
  updated_at: instantShape(),
});

export function presentWebhook(webhook: WebhookRecord, secret: string | null = null): z.infer<typeof webhookShape> {
  const hears = (name: string) => webhook.allEvents || webhook.events.includes(name);
  return {
    id: webhook.id,
    account_id: webhook.accountId,
    url: webhook.url,
    description: webhook.description,
    enabled: webhook.enabled,
    all_events: webhook.allEvents,
    subscribed_events: Object.fromEntries(eventsFor(webhook.accountKind).map((name) => [name, hears(name)])),
    api_version: webhook.apiVersion,
    authorization: webhook.hasAuthorization ? HIDDEN : null,
    shared_key: secret,
    failed_attempts: webhook.failedAttempts,
    disabled_at: webhook.disabledAt?.toISOString() ?? null,
    disabled_reason: webhook.disabledReason,
    created_at: webhook.createdAt.toISOString(),
    updated_at: webhook.updatedAt.toISOString(),
  };
}

/** One delivery as the API knows it: what it was for, how it was sent, and what came of the last attempt. */
export interface WebhookEventRecord {
  readonly id: number;
  readonly accountId: number;
  readonly webhookId: number;
  readonly messageId: string;
  readonly event: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly lastResponseStatus: number | null;
  /** At most 20 kB of it; what looks like a secret of ours is masked. */
  readonly responseBody: string | null;
  readonly lastError: string | null;
  readonly lastSentAt: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The same with the body that is sent, a JSON text. */
export interface WebhookEventWithBody extends WebhookEventRecord {
  readonly body: string;
}

const webhookEventFields = {
  id: idShape(),
  account_id: idShape(),
  webhook_id: idShape(),
  message_id: z.string().meta({ description: "The header `webhook-id`, the same over all attempts." }),
  event: z.enum([...WEBHOOK_EVENTS]),
  status: z.enum(DELIVERY_STATUSES),
  attempts: countShape(),
  response_code: wholeShape().nullable().meta({ description: "Of the last attempt; null where no answer came." }),
  last_response_status: wholeShape().nullable().meta({ description: "Another name of `response_code`." }),
  response_body: textOrNull().meta({ description: "Of the last attempt: at most 20 kB, secrets masked." }),
  last_error: textOrNull().meta({ description: "What went wrong at the last attempt." }),
  last_sent_at: instantShape().nullable(),
  retried_at: instantShape().nullable().meta({ description: "When it was last sent again." }),
  next_attempt_at: instantShape().nullable().meta({ description: "While it is pending." }),
  created_at: instantShape(),
  updated_at: instantShape(),
};

export const webhookEventShape = z.strictObject(webhookEventFields);
export const webhookEventWithPayloadShape = z
  .strictObject({
    ...webhookEventFields,
    payload: z.record(z.string(), z.unknown()).meta({
      description: "The record as it is sent: as it was then, in the webhook's version.",
    }),
  })
  .meta({ title: "WebhookEventWithPayload" });

export function presentWebhookEvent(event: WebhookEventRecord): z.infer<typeof webhookEventShape> {
  const lastSentAt = event.lastSentAt?.toISOString() ?? null;
  return {
    id: event.id,
    account_id: event.accountId,
    webhook_id: event.webhookId,
    message_id: event.messageId,
    event: event.event as WebhookEventWireName,
    status: event.status,
    attempts: event.attempts,
    response_code: event.lastResponseStatus,
    last_response_status: event.lastResponseStatus,
    response_body: event.responseBody,
    last_error: event.lastError,
    last_sent_at: lastSentAt,
    retried_at: event.attempts > 1 ? lastSentAt : null,
    next_attempt_at: event.nextAttemptAt?.toISOString() ?? null,
    created_at: event.createdAt.toISOString(),
    updated_at: event.updatedAt.toISOString(),
  };
}

export function presentWebhookEventWithPayload(
  event: WebhookEventWithBody,
): z.infer<typeof webhookEventWithPayloadShape> {
  const { payload } = JSON.parse(event.body) as { readonly payload: Record<string, unknown> };
  return { ...presentWebhookEvent(event), payload: redactSecretsWithin(payload) };
}
