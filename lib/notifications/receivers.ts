import "server-only";

import { defineReceiver } from "@/lib/entry/receive";
import { databaseNow } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/platform/errors";
import { noteDelivery } from "./note-delivery";
import { isSignedByResend, toReport } from "./resend-webhook";

/**
 * What became of our mails, as Resend reports it. A report that comes again changes nothing. What it tells of other
 * mails is answered like the rest, so that it is not sent again.
 */
export const receiveResendReport = defineReceiver({
  path: "/api/resend-webhook",
  permission: "notices.noteDelivery",
  // Reports are small; whoever sends more is not Resend.
  maxBytes: 64 * 1024,
  keys: () => env().RESEND_WEBHOOK_SECRET,
  isSigned: async (secret, body, headers) => isSignedByResend(secret, body, headers, await databaseNow()),
  refusals: {
    notSetUp: () => new DomainError("not_found", "RESEND_WEBHOOK_SECRET is not set."),
    notSigned: () => new DomainError("key_unknown", "Not signed by Resend, or too long ago."),
  },
  read: toReport,
  run: async (permit, report) => {
    if (report !== null) await noteDelivery(permit, report);
  },
});
