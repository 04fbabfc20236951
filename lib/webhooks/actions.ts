"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import { countFailedSince } from "./deliveries/queries";
import { redeliver, redeliverFailed } from "./deliveries/service";
import { createWebhookInput, deliveryRowInput, editWebhookInput, failedSinceInput, webhookRowInput } from "./schema";
import {
  createWebhook,
  deleteWebhook,
  disableWebhook,
  editWebhook,
  enableWebhook,
  revealWebhookSecret,
  rotateWebhookSecret,
  sendTestEvent,
} from "./service";

const revalidate = (account: AccountRef) => [`/${account.token}/webhooks`];

export const createWebhookAction = defineAction({
  permission: "webhooks.direct",
  input: createWebhookInput,
  run: createWebhook,
  revalidate,
  whenUnknown:
    "The hub lost its database at that very moment, so it is not known whether the webhook was made. Press Save again: it is made once. “View secret” in its menu shows its secret.",
});
export const editWebhookAction = defineAction({
  permission: "webhooks.manage",
  input: editWebhookInput,
  run: editWebhook,
  revalidate,
});
export const enableWebhookAction = defineAction({
  permission: "webhooks.manage",
  input: webhookRowInput,
  run: enableWebhook,
  revalidate,
});
export const disableWebhookAction = defineAction({
  permission: "webhooks.manage",
  input: webhookRowInput,
  run: disableWebhook,
  revalidate,
});
export const deleteWebhookAction = defineAction({
  permission: "webhooks.manage",
  input: webhookRowInput,
  run: deleteWebhook,
  revalidate,
});
export const sendTestEventAction = defineAction({
  permission: "webhooks.manage",
  input: webhookRowInput,
  run: sendTestEvent,
  revalidate,
});
export const revealWebhookSecretAction = defineAction({
  permission: "webhooks.revealSecret",
  input: webhookRowInput,
  run: revealWebhookSecret,
});
export const rotateWebhookSecretAction = defineAction({
  permission: "webhooks.revealSecret",
  input: webhookRowInput,
  run: rotateWebhookSecret,
  revalidate,
  whenUnknown:
    "The hub lost its database at that very moment, so it is not known whether the secret was replaced. Reload the page: “View secret” in its menu shows the one that signs now.",
});
export const redeliverAction = defineAction({
  permission: "webhooks.manage",
  input: deliveryRowInput,
  run: redeliver,
  revalidate,
});
export const redeliverFailedAction = defineAction({
  permission: "webhooks.manage",
  input: failedSinceInput,
  run: redeliverFailed,
  revalidate,
});
export const countFailedSinceAction = defineAction({
  permission: "webhooks.read",
  input: failedSinceInput,
  run: countFailedSince,
});
