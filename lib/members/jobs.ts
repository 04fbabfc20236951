import "server-only";

import { defineJob } from "@/lib/jobs/define-job";
import { sendInvitation } from "./send-invitation";
import { sendInvitationPayload } from "./schema";

export const sendInvitationJob = defineJob({
  name: "invitations.send",
  permission: "invitations.send",
  payload: sendInvitationPayload,
  run: sendInvitation,
});
