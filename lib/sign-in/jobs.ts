import "server-only";
import { defineJob } from "@/lib/jobs/define-job";
import { sendSignInLink } from "./link-mail";
import { sendLinkPayload } from "./schema";

export const sendSignInLinkJob = defineJob({
  name: "signIn.sendLink",
  permission: "signIn.sendLink",
  payload: sendLinkPayload,
  run: sendSignInLink,
});
