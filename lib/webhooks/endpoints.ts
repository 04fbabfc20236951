import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readBody, readChangesOf, readId, type InputReader } from "@/lib/public-api/stages/parse";
import { listWebhookEvents, listWebhooks, webhookEventList, webhookList } from "./api-queries";
import {
  presentWebhook,
  presentWebhookEvent,
  presentWebhookEventWithPayload,
  webhookEventShape,
  webhookEventWithPayloadShape,
  webhookShape,
  type CreatedWebhook,
  type WebhookRecord,
} from "./presenter";
import { findWebhook, findWebhookEvent } from "./queries";
import { patchWebhookInput, postWebhookInput } from "./schema";
import { createWebhook, deleteWebhook, editWebhook, type CreateWebhookInput, holdWebhook } from "./service";

const present = (webhook: WebhookRecord) => presentWebhook(webhook);
const postBody = readBody(postWebhookInput);

/** A webhook is pinned to the version in which it is made. */
const readNewWebhook: InputReader<CreateWebhookInput> = {
  body: postWebhookInput,
  example: { url: "https://example.com/hooks", description: "Key cabinet", vehicle_assignment_created: true },
  read: async (request, version) => ({
    ...(await postBody.read(request, version)),
    apiVersion: version,
    submissionId: null,
  }),
};

export const getWebhooks = defineListEndpoint({
  path: "/webhooks",
  permission: "webhooks.read",
  account: "customerOrPartner",
  list: webhookList,
  run: listWebhooks,
  present,
  shape: webhookShape,
});

export const getWebhook = defineEndpoint({
  method: "GET",
  path: "/webhooks/:id",
  resource: "webhooks",
  permission: "webhooks.read",
  account: "customerOrPartner",
  input: readId,
  run: findWebhook,
  present,
  shape: webhookShape,
});

export const postWebhook = defineEndpoint({
  method: "POST",
  path: "/webhooks",
  note: "Each event is a switch of its own; what is left out is off. The answer holds `shared_key`, which signs the deliveries, this once. A partner's key makes the partner's own webhooks with the partner's `Account-Token`.",
  resource: "webhooks",
  permission: "webhooks.direct",
  account: "customerOrPartner",
  input: readNewWebhook,
  run: createWebhook,
  present: (webhook: CreatedWebhook) => presentWebhook(webhook, webhook.secret),
  shape: webhookShape,
});

export const patchWebhook = defineEndpoint({
  method: "PATCH",
  path: "/webhooks/:id",
  note: "Switches the events that are named; the others stay.",
  resource: "webhooks",
  permission: "webhooks.manage",
  account: "customerOrPartner",
  input: readChangesOf(readId, patchWebhookInput, { vehicle_assignment_deleted: true }),
  held: (tx, permit, { id }) => holdWebhook(tx, permit, { id }),
  run: editWebhook,
  present,
  shape: webhookShape,
});

export const removeWebhook = defineEndpoint({
  method: "DELETE",
  path: "/webhooks/:id",
  resource: "webhooks",
  permission: "webhooks.manage",
  account: "customerOrPartner",
  input: readId,
  held: (tx, permit, { id }) => holdWebhook(tx, permit, { id }),
  run: deleteWebhook,
  present: ({ url }) => ({ url }),
});

export const getWebhookEvents = defineListEndpoint({
  path: "/webhook_events",
  permission: "webhooks.read",
  account: "customerOrPartner",
  list: webhookEventList,
  run: listWebhookEvents,
  present: presentWebhookEvent,
  shape: webhookEventShape,
});

export const getWebhookEvent = defineEndpoint({
  method: "GET",
  path: "/webhook_events/:id",
  note: "With the record that was sent, whatever the key may read otherwise.",
  resource: "webhook_events",
  permission: "webhooks.read",
  account: "customerOrPartner",
  input: readId,
  run: findWebhookEvent,
  present: presentWebhookEventWithPayload,
  shape: webhookEventWithPayloadShape,
});
