import "server-only";
import { createElement } from "react";
import { z } from "zod";

import { WebhookDisabledMail } from "@/emails/webhook-disabled";
import { sayInstant } from "@/emails/words";
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

type DisabledNotifier = Permit<"webhooks.notifyDisabled">;

const stoppedByItself = z.object({ reason: z.enum(["gone", "failing"]) });

/** Of what stopped by itself: who disabled one by hand knows it. One mail for each of the account's people who may act. */
export async function notifyDisabled(_permit: DisabledNotifier, event: PublishedEvent): Promise<void> {
  const why = stoppedByItself.safeParse(event.payload);
  if (!why.success || event.record.id === null) return;
  await queueEventMails("webhooks.mailDisabled", event, { webhookId: event.record.id, reason: why.data.reason });
}

export const mailDisabledPayload = eventMailPayload.extend({
  webhookId: recordId(),
  reason: z.enum(["gone", "failing"]),
});

/** One mail; the provider's key makes two of it one. */
export async function mailDisabled(
  _permit: DisabledNotifier,
  payload: z.output<typeof mailDisabledPayload>,
): Promise<void> {
  const { accountId, webhookId, reason } = payload;
  const membership = await findEventMailReader(payload);
  const webhook = await db().webhook.findFirst({
    where: { id: webhookId, accountId, enabled: false, deletedAt: null },
    select: { url: true, failingSince: true },
  });
  if (membership === null || webhook === null) return;
  const { user, account } = membership;
  const mailKey = eventMailKey("webhook-disabled", payload);
  if (await wasEventMailTaken(payload, { to: user.email, tag: { name: "disabled", value: mailKey } })) return;
  const mail = await renderMail(
    createElement(WebhookDisabledMail, {
      url: webhook.url,
      reason,
      failingSince: webhook.failingSince && sayInstant(webhook.failingSince),
      accountName: account.name,
      email: user.email,
      href: `${env().APP_URL}/${account.token}/webhooks/${webhookId}`,
    }),
  );
  await sendMail({
    ...mail,
    to: user.email,
    subject: `The webhook to ${new URL(webhook.url).host} was disabled`,
    idempotencyKey: `webhook-disabled/${mailKey}`,
    tags: { kind: "webhook-disabled", disabled: mailKey },
  });
}
