import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { eventPayload, eventsPayload } from "@/lib/jobs/publish-events";
import { mailDisabled, mailDisabledPayload, tellDisabled } from "./deliveries/disabled-mail";
import { dispatcher } from "./deliveries/dispatcher";
import { forgetOldDeliveries } from "./deliveries/sweep";
import { noteEvents } from "./heard-events";

/** Hears of what webhooks may hear of. */
export const noteWebhookEventsJob = defineJob({
  name: "webhooks.noteEvents",
  permission: "webhooks.noteEvents",
  payload: eventsPayload,
  run: noteEvents,
});

/** Wakes the process's sender: whichever delivery it names, all that is due goes. */
export const deliverWebhooksJob = defineJob({
  name: "webhooks.deliver",
  permission: "webhooks.deliver",
  payload: z.object({}),
  run: async (permit, _payload, readNow) => dispatcher().wake(permit, readNow),
});

/** Hears that a webhook was disabled. */
export const tellDisabledJob = defineJob({
  name: "webhooks.tellDisabled",
  permission: "webhooks.tellDisabled",
  payload: eventPayload,
  run: tellDisabled,
});

export const mailDisabledJob = defineJob({
  name: "webhooks.mailDisabled",
  permission: "webhooks.tellDisabled",
  payload: mailDisabledPayload,
  run: mailDisabled,
});

export const forgetOldDeliveriesJob = defineJob({
  name: "webhooks.forget",
  permission: "webhooks.forget",
  payload: z.object({}),
  run: async (permit, _payload, readNow) => forgetOldDeliveries(permit, await readNow()),
});
