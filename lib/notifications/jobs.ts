import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { eventPayload } from "@/lib/jobs/publish-events";
import { recordId } from "@/lib/platform/input-fields";
import { composeMails } from "./compose-mails";
import { prepareNotices } from "./prepare-notices";
import { sendWaitingMails } from "./send-mails";

/** Hears of what happens to keys. */
export const prepareNoticesJob = defineJob({
  name: "notices.prepare",
  permission: "notices.send",
  payload: eventPayload,
  run: async (permit, event, readNow) => prepareNotices(permit, event, await readNow()),
});

export const composeNoticesJob = defineJob({
  name: "notices.compose",
  permission: "notices.send",
  payload: z.object({ userId: recordId() }),
  run: async (permit, { userId }, readNow) => composeMails(permit, userId, await readNow()),
});

/** Whenever mails were made, and every minute. */
export const sendNoticesJob = defineJob({
  name: "notices.send",
  permission: "notices.send",
  payload: z.object({}),
  run: async (permit, _payload, readNow) => sendWaitingMails(permit, await readNow()),
});
