import { randomBytes } from "node:crypto";

import type { Account, Prisma, Webhook, WebhookEvent } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import type { DeliveryStatus, DisabledReason } from "@/lib/webhooks/policy";
import { mintWebhookSecret, sealForWebhook } from "@/lib/webhooks/secrets";

const mark = () => randomBytes(8).toString("hex");

type WebhookInput = Omit<
  Prisma.WebhookUncheckedCreateInput,
  "id" | "accountId" | "secret" | "previousSecret" | "authorization" | "enabled" | "disabledReason"
>;

interface WebhookChoice extends Partial<WebhookInput> {
  readonly account: Pick<Account, "id">;
  /** `whsec_…`; a new one where left out. */
  readonly secret?: string;
  readonly previousSecret?: string;
  readonly authorization?: string;
  /** By hand where left out; counts only with `disabledAt`. */
  readonly disabledReason?: DisabledReason;
}

export interface MadeWebhook {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** An enabled webhook that hears of everything, in the newest version, unless told otherwise. */
export async function makeWebhook({
  account,
  secret = mintWebhookSecret(),
  previousSecret,
  authorization,
  ...choice
}: WebhookChoice): Promise<MadeWebhook> {
  const [next] = await bookkeepingDb().$queryRaw<{ id: number }[]>`SELECT nextval('webhooks_id_seq')::int AS id`;
  const id = Number(next?.id);
  const disabledAt = choice.disabledAt ?? null;
  const webhook = await bookkeepingDb().webhook.create({
    data: {
      url: `https://receiver-${mark()}.example.com/hook`,
      allEvents: choice.events === undefined,
      apiVersion: "2025-05-05",
      ...choice,
      id,
      accountId: account.id,
      secret: sealForWebhook(id, "secret", secret),
      previousSecret: previousSecret === undefined ? null : sealForWebhook(id, "secret", previousSecret),
      previousSecretEndsAt:
        previousSecret === undefined ? null : (choice.previousSecretEndsAt ?? new Date(Date.now() + 86_400_000)),
      authorization: authorization === undefined ? null : sealForWebhook(id, "authorization", authorization),
      enabled: disabledAt === null,
      disabledReason: disabledAt === null ? null : (choice.disabledReason ?? "by_hand"),
    },
  });
  return { webhook, secret };
}

interface EventChoice extends Partial<
  Omit<Prisma.WebhookEventUncheckedCreateInput, "id" | "accountId" | "webhookId" | "status">
> {
  readonly webhook: Pick<Webhook, "id" | "accountId">;
  readonly status?: DeliveryStatus;
}

/** A test event that waits to be sent, unless told otherwise. */
export function makeWebhookEvent({ webhook, ...choice }: EventChoice): Promise<WebhookEvent> {
  const { status = "pending", event = "vehicle_created" } = choice;
  return bookkeepingDb().webhookEvent.create({
    data: {
      messageId: `msg_${mark()}`,
      body: JSON.stringify({ id: 1, event, timestamp: "2026-11-25T10:00:00.000Z", payload: {}, triggered_by: null }),
      nextAttemptAt: status === "pending" ? new Date() : null,
      ...choice,
      status,
      event,
      accountId: webhook.accountId,
      webhookId: webhook.id,
    },
  });
}
