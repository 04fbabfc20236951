import "server-only";

import { defineJob } from "@/lib/jobs/define-job";
import { eventPayload } from "@/lib/jobs/publish-events";
import { mailRefused, mailRefusedPayload, notifyRefused } from "./notify-refused";

/** Hears that a host refuses a credential. */
export const notifyRefusedJob = defineJob({
  name: "credentials.tellRefused",
  permission: "credentials.notifyRefused",
  payload: eventPayload,
  run: notifyRefused,
});

export const mailRefusedJob = defineJob({
  name: "credentials.mailRefused",
  permission: "credentials.notifyRefused",
  payload: mailRefusedPayload,
  run: mailRefused,
});
