import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { purgeOldAnswers } from "./idempotency";
import { purgeOldCounts } from "./rate-limiter";

export const purgeOldAnswersJob = defineJob({
  name: "idempotentAnswers.forget",
  permission: "idempotentAnswers.forget",
  payload: z.object({}),
  run: async () => {
    await Promise.all([purgeOldAnswers(), purgeOldCounts()]);
  },
});
