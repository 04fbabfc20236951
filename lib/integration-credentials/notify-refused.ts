import "server-only";
import { createElement } from "react";
import type { z } from "zod";

import { CredentialRefusedMail } from "@/emails/credential-refused";
import type { Permit } from "@/lib/auth/permit";
import {
  eventMailKey,
  eventMailPayload,
  findEventMailReader,
  queueEventMails,
  wasEventMailTaken,
} from "@/lib/jobs/event-mails";
import type { PublishedEvent } from "@/lib/jobs/publish-events";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { recordId } from "@/lib/platform/input-fields";
import { renderMail, sendMail } from "@/lib/platform/mail/mailer";

type RefusalNotifier = Permit<"credentials.notifyRefused">;

/** One mail for each of the account's people who may mend it. */
export async function notifyRefused(_permit: RefusalNotifier, event: PublishedEvent): Promise<void> {
  if (event.record.id === null) return;
  await queueEventMails("credentials.mailRefused", event, { credentialId: event.record.id });
}

export const mailRefusedPayload = eventMailPayload.extend({ credentialId: recordId() });

/** One mail, where it is still refused; the provider's key makes two of it one. */
export async function mailRefused(
  _permit: RefusalNotifier,
  payload: z.output<typeof mailRefusedPayload>,
): Promise<void> {
  const { accountId, credentialId } = payload;
  const membership = await findEventMailReader(payload);
  const credential = await db().integrationCredential.findFirst({
    where: { id: credentialId, accountId, deletedAt: null, refusedSince: { not: null } },
    select: { name: true, reason: true, baseUrl: true },
  });
  if (membership === null || credential === null) return;
  const { user, account } = membership;
  const mailKey = eventMailKey("credential-refused", payload);
  if (await wasEventMailTaken(payload, { to: user.email, tag: { name: "refused", value: mailKey } })) return;
  const { name, reason, baseUrl } = credential;
  const mail = await renderMail(
    createElement(CredentialRefusedMail, {
      name,
      reason: reason ?? "Its host does not accept it any more.",
      host: baseUrl === null ? "this hub" : new URL(baseUrl).host,
      accountName: account.name,
      email: user.email,
      href: `${env().APP_URL}/${account.token}/integrations/credentials?selected=${credentialId}`,
    }),
  );
  await sendMail({
    ...mail,
    to: user.email,
    subject: `The credential “${name}” is refused`,
    idempotencyKey: `credential-refused/${mailKey}`,
    tags: { kind: "credential-refused", refused: mailKey },
  });
}
