import "server-only";
import { createHash } from "node:crypto";
import { createElement } from "react";
import { z } from "zod";

import { WebhookDisabledMail } from "@/emails/webhook-disabled";
import { sayInstant } from "@/emails/words";
import type { Permit } from "@/lib/auth/permit";
import type { PublishedEvent } from "@/lib/jobs/publish-events";
import { databaseNow, db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { entrySequence, recordId } from "@/lib/platform/input-fields";
import { mayHaveBeenForgotten } from "@/lib/platform/mail/answers";
import { renderMail, sendMail } from "@/lib/platform/mail/mailer";
import { writePool } from "@/lib/platform/database/pool";
import { findSentMail } from "@/lib/platform/mail/sent-mails";

type DisabledNotifier = Permit<"webhooks.notifyDisabled">;

const stoppedByItself = z.object({ reason: z.enum(["gone", "failing"]) });

/** Of what stopped by itself: who disabled one by hand knows it. One mail for each of the account's people who may act. */
export async function notifyDisabled(
  _permit: DisabledNotifier,
  { accountId, sequence, record, payload }: PublishedEvent,
): Promise<void> {
  const why = stoppedByItself.safeParse(payload);
  if (!why.success || record.id === null) return;
  await writePool().query(
    `SELECT graphile_worker.add_job('webhooks.mailDisabled', json_build_object('accountId', m.account_id, 'sequence', $2::int,
        'webhookId', $3::int, 'userId', m.user_id, 'reason', $4::text),
      job_key => 'webhooks.mailDisabled/' || m.account_id || '/' || $2::int || '/' || m.user_id)
    FROM memberships m WHERE m.account_id = $1 AND m.role IN ('owner', 'administrator') AND NOT m.limited`,
    [accountId, sequence, record.id, why.data.reason],
  );
}

export const mailDisabledPayload = z.object({
  accountId: recordId(),
  sequence: entrySequence(),
  webhookId: recordId(),
  userId: recordId(),
  reason: z.enum(["gone", "failing"]),
});

/**
 * Whether an earlier attempt was taken, so long after the event that the provider may have forgotten its key: then it
 * is asked, as for a notice (docs/decisions/0046).
 */
async function wasTaken(
  { accountId, sequence }: z.output<typeof mailDisabledPayload>,
  { to, mailKey }: { readonly to: string; readonly mailKey: string },
): Promise<boolean> {
  const event = await db().auditEntry.findUnique({
    where: { accountId_sequence: { accountId, sequence } },
    select: { occurredAt: true },
  });
  const since = event?.occurredAt ?? null;
  if (since === null || !mayHaveBeenForgotten(since, await databaseNow())) return false;
  const found = await findSentMail({ to: [to], tag: { name: "disabled", value: mailKey }, since });
  return typeof found === "object";
}

/** One mail; the provider's key makes two of it one. */
export async function mailDisabled(
  _permit: DisabledNotifier,
  payload: z.output<typeof mailDisabledPayload>,
): Promise<void> {
  const { accountId, sequence, webhookId, userId, reason } = payload;
  const membership = await db().membership.findFirst({
    where: { accountId, userId, role: { in: ["owner", "administrator"] }, limited: false },
    select: { user: { select: { email: true } }, account: { select: { name: true, token: true } } },
  });
  const webhook = await db().webhook.findFirst({
    where: { id: webhookId, accountId, enabled: false, deletedAt: null },
    select: { url: true, failingSince: true },
  });
  if (membership === null || webhook === null) return;
  const { user, account } = membership;
  const mailKey = createHash("sha256")
    .update([env().APP_URL, "webhook-disabled", accountId, sequence, userId].join("\n"))
    .digest("hex");
  if (await wasTaken(payload, { to: user.email, mailKey })) return;
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
