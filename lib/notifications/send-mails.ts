import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { MailNotConfirmedError, mayHaveBeenForgotten } from "@/lib/platform/mail/answers";
import { renderMail, sendMailNow, waitForTurn } from "@/lib/platform/mail/mailer";
import { findSentMail } from "@/lib/platform/mail/sent-mails";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { isNotifiedOf } from "./prepare-notices";
import { contentOf, type NoticeItem } from "./mail-content";
import { isStillTrue, secondsToWait, type NoticeFacts } from "./policy";

/** Who has taken a mail and falls silent is followed by another one after this long: longer than an attempt lasts. */
const LEASE_SECONDS = 45;
/** A run is short: a process that stops waits for it. */
const RUN_MS = 5_000;
const PAUSE_SECONDS = 5;
/** No pause is longer: one that ends later is left from a clock that was set back. */
const LONGEST_PAUSE_SECONDS = 3600;

interface ClaimedMail {
  readonly id: number;
  readonly userId: number;
  readonly mailKey: string;
  /** The address it was made for. */
  readonly email: string;
  readonly attempts: number;
  /** An attempt before this one, of which nobody knows the outcome. */
  readonly openSince: Date | null;
}

/** Sends what waits, the most urgent first, at the pace that the provider allows, until it is told to wait. */
export async function sendWaitingMails(_permit: Permit<"notices.send">, now: Date): Promise<void> {
  const startedAt = performance.now();
  for (let mail = await claimMail(now); mail !== null; mail = await claimMail(now)) {
    const isTaken = await sendClaimed(mail, now);
    if (!isTaken) return;
    if (performance.now() - startedAt > RUN_MS) return runAgain(0);
  }
  await runWhenDue(now);
}

/** The clock's own run is a minute away at most: what may go before that has a run of its own. */
async function runWhenDue(now: Date): Promise<void> {
  const [next] = await readSql<{ seconds: number | null }>(Prisma.sql`
    SELECT extract(epoch FROM greatest(min(not_before), (SELECT notices_after FROM mail_pace)) - ${now}::timestamptz)::float8 AS seconds
    FROM notice_mails WHERE sent_at IS NULL AND dropped_at IS NULL`);
  if (next?.seconds != null && next.seconds < 60) await runAgain(Math.max(1, next.seconds));
}

/**
 * The most urgent mail that may go now; nobody else takes it for a while. Null where none may. From here on its
 * outcome is open, until an answer comes: who dies meanwhile leaves it so.
 */
async function claimMail(now: Date): Promise<ClaimedMail | null> {
  const [mail] = await bookkeepingDb().$queryRaw<ClaimedMail[]>`
    UPDATE notice_mails m SET attempts = m.attempts + 1, not_before = ${now}::timestamptz + make_interval(secs => ${LEASE_SECONDS}),
      open_since = COALESCE(m.open_since, ${now}::timestamptz)
    FROM (
      SELECT id, open_since FROM notice_mails
      WHERE sent_at IS NULL AND dropped_at IS NULL AND not_before <= ${now}::timestamptz
        AND NOT EXISTS (SELECT FROM mail_pace
          WHERE notices_after > ${now}::timestamptz AND notices_after <= ${now}::timestamptz + make_interval(secs => ${LONGEST_PAUSE_SECONDS}))
      ORDER BY priority, not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED) was
    WHERE m.id = was.id
    RETURNING m.id, m.user_id AS "userId", m.mail_key AS "mailKey", m.email, m.attempts, was.open_since AS "openSince"`;
  return mail ?? null;
}

function runAgain(seconds: number): Promise<void> {
  return bookkeepingDb().$executeRaw`
    SELECT graphile_worker.add_job('notices.send', '{}'::json, job_key => 'notices.send',
      run_at => clock_timestamp() + make_interval(secs => ${seconds}::float8))`.then(() => undefined);
}

/** False where the provider wants to be left alone for now. */
async function sendClaimed(mail: ClaimedMail, now: Date): Promise<boolean> {
  await waitForTurn();
  const items = await stillTrueItems(mail, now);
  const user = await db().user.findUnique({ where: { id: mail.userId }, select: { email: true } });
  if (items.length === 0 || user === null) {
    await settle(mail.id, { droppedAt: now });
    return true;
  }
  const { subject, element } = contentOf(items, { email: user.email, appUrl: env().APP_URL }, now);
  const parts = await renderMail(element);
  const tags = { kind: "notice", notice: mail.mailKey };
  let { openSince } = mail;
  try {
    if (mayHaveBeenForgotten(openSince, now)) {
      if (await wasTaken(mail, user.email, now)) return true;
      openSince = null;
    }
    const { providerId } = await sendMailNow({
      ...parts,
      to: user.email,
      subject,
      idempotencyKey: `notice/${mail.mailKey}`,
      tags,
    });
    await settle(mail.id, { sentAt: now, providerId, email: user.email, failure: null });
    return true;
  } catch (error) {
    if (!(error instanceof MailNotConfirmedError)) throw error;
    return noteRefusal({ ...mail, openSince }, user.email, error, now);
  }
}

/**
 * The provider has forgotten the key of an attempt so long ago: it is asked whether it took the mail. Where it will not
 * tell, the mail goes again, for one that comes twice is better than none.
 */
async function wasTaken({ id, mailKey, openSince, email }: ClaimedMail, address: string, now: Date): Promise<boolean> {
  const tag = { name: "notice", value: mailKey };
  const found = await findSentMail({ to: [email, address], tag, since: openSince ?? now });
  if (found === "untold") {
    log().warn({ mail: id, openSince }, "the provider will not tell whether it took a notice: it is sent again");
  }
  const isTaken = typeof found === "object";
  await settle(id, isTaken ? { sentAt: now, providerId: found.providerId, failure: null } : { openSince: now });
  return isTaken;
}

async function settle(id: number, data: Prisma.NoticeMailUpdateInput): Promise<void> {
  await bookkeepingDb().noticeMail.update({ where: { id }, data, select: { id: true } });
}

/** What the provider itself will not take however often it is tried: the fault is in this mail alone. */
function isForGood({ isRefusal, statusCode }: MailNotConfirmedError): boolean {
  return isRefusal && (statusCode === 400 || statusCode === 413 || statusCode === 422);
}

async function noteRefusal(
  mail: ClaimedMail,
  email: string,
  error: MailNotConfirmedError,
  now: Date,
): Promise<boolean> {
  const { code, statusCode, isRefusal, retryAfterSeconds } = error;
  // Another text under the same key: an attempt whose answer never came was taken, and a name has changed since.
  if (code === "invalid_idempotent_request") {
    await settle(mail.id, { sentAt: now, email, failure: null });
    return true;
  }
  log().warn(
    { mail: mail.id, code, statusCode, attempts: mail.attempts },
    isRefusal ? "the provider refused a notice" : "it is not known whether the provider took a notice",
  );
  if (isForGood(error)) {
    await settle(mail.id, { droppedAt: now, failure: code });
    return true;
  }
  const waitSeconds = secondsToWait(mail.attempts, retryAfterSeconds);
  const pauseSeconds = Math.max(PAUSE_SECONDS, retryAfterSeconds ?? 0);
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  // A refusal closes what this attempt had opened; what an earlier one left open stays so.
  const openSince = isRefusal ? { openSince: mail.openSince } : {};
  await settle(mail.id, { notBefore: after(waitSeconds), failure: code, ...openSince });
  await bookkeepingDb().$executeRaw`
    INSERT INTO mail_pace AS pace (id, next_at, notices_after) VALUES (1, clock_timestamp(), ${after(pauseSeconds)}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET notices_after = greatest(pace.notices_after, excluded.notices_after)`;
  await runAgain(pauseSeconds);
  return false;
}

interface NoticeRecord extends Omit<NoticeItem, "deed">, Omit<NoticeFacts, "key"> {
  readonly id: number;
  readonly keyExpiresAt: Date;
  readonly termMonths: number | null;
  readonly termDays: number | null;
  readonly deedBy: string | null;
  readonly deedAt: Date | null;
  readonly deedIp: string | null;
}

/** What the mail says, looked at once more: what was overtaken is noted as such. */
async function stillTrueItems(mail: ClaimedMail, now: Date): Promise<NoticeItem[]> {
  const records = await readNotices(mail.id);
  const isTrue = ({ keyExpiresAt: expiresAt, revokedReason, termMonths, termDays, ...record }: NoticeRecord) => {
    const endedOtherwise = revokedReason !== null && revokedReason !== "expired";
    return isStillTrue({ ...record, key: { expiresAt, termMonths, termDays, endedOtherwise } }, now);
  };
  const superseded = records.filter((record) => !isTrue(record)).map(({ id }) => id);
  if (superseded.length > 0) {
    const where = { id: { in: superseded }, supersededAt: null };
    await bookkeepingDb().notice.updateMany({ where, data: { supersededAt: now } });
  }
  return records.filter(isTrue).map(({ deedBy, deedAt, deedIp, ...record }) => ({
    ...record,
    deed: deedBy !== null && deedAt !== null ? { by: deedBy, at: deedAt, ip: deedIp } : null,
  }));
}

function readNotices(mailId: number): Promise<NoticeRecord[]> {
  return readSql(Prisma.sql`
    SELECT n.id, n.stage::text AS stage, n.expires_at AS "expiresAt", n.created_at AS "createdAt", k.id AS "apiKeyId", k.name AS "keyName",
      k.prefix, k.expires_at AS "keyExpiresAt", k.revoked_reason::text AS "revokedReason", a.name AS "accountName", a.token AS "accountToken",
      e.actor_name AS "deedBy", e.after->>'creator' AS creator, e.occurred_at AS "deedAt", e.ip AS "deedIp",
      k.term_months AS "termMonths", k.term_days AS "termDays",
      EXISTS (SELECT FROM memberships m WHERE m.user_id = n.user_id AND m.account_id = n.account_id AND ${isNotifiedOf(Prisma.sql`n.stage`)}) AS "concernsUser"
    FROM notices n JOIN api_keys k ON k.id = n.api_key_id JOIN accounts a ON a.id = n.account_id
      LEFT JOIN audit_entries e ON e.account_id = n.account_id AND e.sequence = n.sequence AND n.sequence > 0
    WHERE n.mail_id = ${mailId} AND n.superseded_at IS NULL
    ORDER BY n.id`);
}
