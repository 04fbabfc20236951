import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { writeFinalActsAgain, writeHighestIds } from "./final-acts";
import { purgeOldSubmissions } from "./submissions";
import { logHeads, renewAllVerifications } from "./verifications";

/** Every few minutes `{}`, which looks at what was added; once a day `{ "fromStart": true }`, which looks at everything. */
export const verifyAuditLogsJob = defineJob({
  name: "auditLog.verify",
  permission: "auditLog.verify",
  // Not strict: the queue adds to the payload of what runs by the clock.
  payload: z.object({ fromStart: z.boolean().default(false) }),
  run: (permit, { fromStart }) => renewAllVerifications(permit, { fromStart }),
});

/** Once a day. */
export const logAuditHeadsJob = defineJob({
  name: "auditLog.logHeads",
  permission: "auditLog.verify",
  payload: z.object({}),
  run: async (permit) => {
    await logHeads(permit);
    await writeHighestIds();
    await writeFinalActsAgain();
  },
});

/** Once a day. */
export const purgeSubmissionsJob = defineJob({
  name: "formSubmissions.forget",
  permission: "formSubmissions.forget",
  payload: z.object({}),
  run: (permit) => purgeOldSubmissions(permit),
});
