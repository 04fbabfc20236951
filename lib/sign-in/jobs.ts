import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { sendSignInLink } from "./send-sign-in-link";
import { sendLinkPayload } from "./schema";
import { purgeOldSignIns } from "./create-sign-in-link";

export const sendSignInLinkJob = defineJob({
  name: "signIn.sendLink",
  permission: "signIn.sendLink",
  payload: sendLinkPayload,
  run: sendSignInLink,
});

/** Every hour. */
export const purgeOldSignInsJob = defineJob({
  name: "signIn.forget",
  permission: "signIn.forget",
  payload: z.object({}),
  run: () => purgeOldSignIns(),
});
