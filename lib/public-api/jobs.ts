import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { forgetOldAnswers } from "./idempotency";
import { forgetOldCounts } from "./rate-limiter";

export const forgetOldAnswersJob = defineJob({
  name: "idempotentAnswers.forget",
  permission: "idempotentAnswers.forget",
  payload: z.object({}),
  run: async () => {
    await Promise.all([forgetOldAnswers(), forgetOldCounts()]);
  },
});
