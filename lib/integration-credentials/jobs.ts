import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { eventPayload } from "@/lib/jobs/publish-events";
import { mailRefused, mailRefusedPayload, notifyRefused } from "./notify-refused";
import { queueDueChecks } from "./queue-due-checks";

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

/** Looks for credentials that nobody has asked for a day: their hosts are asked in steps. */
export const queueDueChecksJob = defineJob({
  name: "credentials.checkDue",
  permission: "credentials.checkDue",
  payload: z.object({}),
  run: async (_permit, _payload, readNow) => queueDueChecks(await readNow()),
});
