import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { recordExpiry } from "./record-expiry";

/** Every minute. */
export const recordExpiryJob = defineJob({
  name: "apiKeys.recordExpiry",
  permission: "apiKeys.recordExpiry",
  payload: z.object({}),
  run: async (permit, _payload, readNow) => recordExpiry(permit, await readNow()),
});
