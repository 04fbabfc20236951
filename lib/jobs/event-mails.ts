import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";

import { databaseNow, db } from "@/lib/platform/database/db";
import { writePool } from "@/lib/platform/database/pool";
import { env } from "@/lib/platform/env";
import { entrySequence, recordId } from "@/lib/platform/input-fields";
import { mayHaveBeenForgotten } from "@/lib/platform/mail/answers";
import { findSentMail } from "@/lib/platform/mail/sent-mails";

/** What every job that mails somebody of an event is queued with. */
export const eventMailPayload = z.object({ accountId: recordId(), sequence: entrySequence(), userId: recordId() });
type EventMail = z.output<typeof eventMailPayload>;

/** Puts one job down for each of the account's people who may act and who see all of it. Twice is once. */
export async function queueEventMails(
  job: string,
  { accountId, sequence }: Omit<EventMail, "userId">,
  facts: Readonly<Record<string, string | number>>,
): Promise<void> {
  await writePool().query(
    `SELECT graphile_worker.add_job($1::text, ($4::jsonb || jsonb_build_object('accountId', m.account_id, 'sequence', $3::int,
        'userId', m.user_id))::json, job_key => $1::text || '/' || m.account_id || '/' || $3::int || '/' || m.user_id)
    FROM memberships m WHERE m.account_id = $2 AND m.role IN ('owner', 'administrator') AND NOT m.limited`,
    [job, accountId, sequence, JSON.stringify(facts)],
  );
}

/** Whom such a job is for, as he is now; null where he may no more. */
export function findEventMailReader({ accountId, userId }: EventMail) {
  return db().membership.findFirst({
    where: { accountId, userId, role: { in: ["owner", "administrator"] }, limited: false },
    select: { user: { select: { email: true } }, account: { select: { name: true, token: true } } },
  });
}

/** The provider's key: it makes two of a mail one. */
export function eventMailKey(kind: string, { accountId, sequence, userId }: EventMail): string {
  return createHash("sha256").update([env().APP_URL, kind, accountId, sequence, userId].join("\n")).digest("hex");
}

/**
 * Whether an earlier attempt was taken, so long after the event that the provider may have forgotten its key: then it
 * is asked, as for a notice (docs/decisions/0046).
 */
export async function wasEventMailTaken(
  { accountId, sequence }: EventMail,
  { to, tag }: { readonly to: string; readonly tag: { readonly name: string; readonly value: string } },
): Promise<boolean> {
  const event = await db().auditEntry.findUnique({
    where: { accountId_sequence: { accountId, sequence } },
    select: { occurredAt: true },
  });
  const since = event?.occurredAt ?? null;
  if (since === null || !mayHaveBeenForgotten(since, await databaseNow())) return false;
  const found = await findSentMail({ to: [to], tag, since });
  return typeof found === "object";
}
