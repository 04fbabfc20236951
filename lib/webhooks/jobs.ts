import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { eventPayload, eventsPayload } from "@/lib/jobs/publish-events";
import { mailDisabled, mailDisabledPayload, notifyDisabled } from "./deliveries/notify-disabled";
import { dispatcher } from "./deliveries/dispatcher";
import { purgeOldDeliveries } from "./deliveries/purge-old-deliveries";
import { enqueueDeliveries } from "./enqueue-deliveries";

/** Hears of what webhooks may hear of. */
export const enqueueDeliveriesJob = defineJob({
  name: "webhooks.noteEvents",
  permission: "webhooks.enqueueDeliveries",
  payload: eventsPayload,
  run: enqueueDeliveries,
});

/** Wakes the process's sender: whichever delivery it names, all that is due goes. */
export const deliverWebhooksJob = defineJob({
  name: "webhooks.deliver",
  permission: "webhooks.deliver",
  payload: z.object({}),
  run: async (permit, _payload, readNow) => dispatcher().wake(permit, readNow),
});

/** Hears that a webhook was disabled. */
export const notifyDisabledJob = defineJob({
  name: "webhooks.tellDisabled",
  permission: "webhooks.notifyDisabled",
  payload: eventPayload,
  run: notifyDisabled,
});

export const mailDisabledJob = defineJob({
  name: "webhooks.mailDisabled",
  permission: "webhooks.notifyDisabled",
  payload: mailDisabledPayload,
  run: mailDisabled,
});

export const purgeOldDeliveriesJob = defineJob({
  name: "webhooks.forget",
  permission: "webhooks.forget",
  payload: z.object({}),
  run: async (permit, _payload, readNow) => purgeOldDeliveries(permit, await readNow()),
});
