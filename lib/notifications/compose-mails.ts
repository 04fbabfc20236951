import "server-only";
import { createHash } from "node:crypto";

import type { Permit } from "@/lib/auth/permit";
import { ADVISORY_LOCKS } from "@/lib/platform/database/advisory-locks";
import { Prisma } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { bookkeepingDb, type Tx } from "@/lib/platform/database/write-db";
import { MEMBERSHIP_IS_NOTIFIED } from "./prepare-notices";
import { dayOf, isEventStage, KEYS_PER_DAY, MAIL_PRIORITIES, STAGE_DAYS, type NoticeStage } from "./policy";

interface Waiting {
  readonly id: number;
  readonly apiKeyId: number;
  readonly stage: NoticeStage;
  readonly expiresAt: Date;
  readonly sequence: number;
}

/**
 * Puts what a person is to be told into mails: one each, or one for all where more than 5 keys are due on a day. That
 * one tells the whole day, also what comes later in it: nothing of that day follows but that a key has ended by then.
 */
export async function composeMails(_permit: Permit<"notices.send">, userId: number, now: Date): Promise<void> {
  await bookkeepingDb().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.mailsOfPerson}::int, ${userId}::int)`;
    const user = await tx.user.findUnique({ where: { id: userId }, select: { email: true } });
    const waiting = await readWaiting(tx, userId);
    if (user === null || waiting.length === 0) return;
    const deeds = waiting.filter(({ stage }) => isEventStage(stage));
    const due = waiting.filter(({ stage }) => !isEventStage(stage));
    const mails = [...inMails(deeds, countKeys(deeds)), ...(await gatherDay(tx, userId, due, now))];
    for (const notices of mails) await makeMail(tx, { userId, email: user.email, notices, now });
    await tx.$executeRaw`SELECT graphile_worker.add_job('notices.send', '{}'::json, job_key => 'notices.send')`;
  });
}

function readWaiting(tx: Tx, userId: number): Promise<Waiting[]> {
  return tx.notice.findMany({
    where: { userId, mailId: null, supersededAt: null },
    select: { id: true, apiKeyId: true, stage: true, expiresAt: true, sequence: true },
    orderBy: { id: "asc" },
  });
}

function countKeys(notices: readonly { readonly apiKeyId: number }[]): number {
  return new Set(notices.map(({ apiKeyId }) => apiKeyId)).size;
}

function inMails(notices: readonly Waiting[], keys: number): Waiting[][] {
  if (notices.length === 0) return [];
  return keys > KEYS_PER_DAY ? [[...notices]] : notices.map((notice) => [notice]);
}

async function gatherDay(tx: Tx, userId: number, due: readonly Waiting[], now: Date): Promise<Waiting[][]> {
  if (due.length === 0) return [];
  const { from, to } = dayOf(now);
  const notified = await tx.notice.findMany({
    where: { userId, sequence: 0, createdAt: { gte: from, lt: to }, mailId: { not: null } },
    select: { apiKeyId: true },
  });
  const rest = await restOfDay(tx, userId, now);
  if (rest.length > 0 && countKeys([...due, ...notified, ...rest]) > KEYS_PER_DAY)
    await tx.notice.createMany({
      data: rest.map((notice) => ({ ...notice, userId, createdAt: now })),
      skipDuplicates: true,
    });
  // Read anew: what was noted meanwhile is neither among those that waited nor among the rest.
  const all = (await readWaiting(tx, userId)).filter(({ stage }) => !isEventStage(stage));
  return inMails(all, countKeys([...all, ...notified, ...rest]));
}

/**
 * The stages of this day, also those just recorded after an outage, that this person has no notice of yet. Of a key
 * that ends later this day it is told that it will; that it has ended is told when it has.
 */
function restOfDay(
  tx: Tx,
  userId: number,
  now: Date,
): Promise<{ accountId: number; apiKeyId: number; expiresAt: Date; stage: NoticeStage }[]> {
  const { from, to } = dayOf(now);
  const stages = Prisma.join(STAGE_DAYS.map((days) => Prisma.sql`(${days}::int)`));
  return tx.$queryRaw`
    WITH mine AS (
      SELECT k.id, k.account_id, k.expires_at, COALESCE(k.term_months * 30, k.term_days) AS term
      FROM memberships m JOIN api_keys k ON k.account_id = m.account_id
      WHERE m.user_id = ${userId} AND ${MEMBERSHIP_IS_NOTIFIED}
        AND k.expires_at >= ${from}::timestamptz AND (k.revoked_at IS NULL OR k.revoked_reason = 'expired')
    ), today AS (
      SELECT mine.id, account_id, expires_at, days FROM mine
      JOIN (VALUES ${stages}) AS stage(days) ON days < term
        AND expires_at >= ${from}::timestamptz + make_interval(days => days) AND expires_at < ${to}::timestamptz + make_interval(days => days)
      UNION
      SELECT k.id, k.account_id, s.expires_at, s.days
      FROM expiry_stages s JOIN api_keys k ON k.id = s.api_key_id AND k.expires_at = s.expires_at
        JOIN memberships m ON m.account_id = k.account_id
      WHERE m.user_id = ${userId} AND ${MEMBERSHIP_IS_NOTIFIED} AND s.recorded_at >= ${from}::timestamptz AND s.recorded_at < ${to}::timestamptz
        AND (k.revoked_at IS NULL OR k.revoked_reason = 'expired')
    ), notified AS (
      SELECT today.*, (CASE WHEN days > 0 THEN 'days_' || days WHEN expires_at > ${now}::timestamptz THEN 'today' ELSE 'expired' END) AS stage
      FROM today
    )
    SELECT account_id AS "accountId", id AS "apiKeyId", expires_at AS "expiresAt", stage FROM notified
    WHERE NOT EXISTS (SELECT FROM expiry_stages s
        WHERE s.api_key_id = notified.id AND s.expires_at = notified.expires_at AND s.days = notified.days AND s.silent)
      AND NOT EXISTS (SELECT FROM notices n WHERE n.api_key_id = notified.id AND n.user_id = ${userId}
        AND n.expires_at = notified.expires_at AND n.sequence = 0 AND n.stage = notified.stage::notice_stage)
    ORDER BY expires_at, id`;
}

interface NewMail {
  readonly userId: number;
  readonly email: string;
  readonly notices: readonly Waiting[];
  readonly now: Date;
}

async function makeMail(tx: Tx, { userId, email, notices, now }: NewMail): Promise<void> {
  const names = notices.map(
    ({ apiKeyId, stage, expiresAt, sequence }) => `${apiKeyId}/${stage}/${expiresAt.toISOString()}/${sequence}`,
  );
  const mailKey = createHash("sha256")
    .update([env().APP_URL, userId, ...names.sort()].join("\n"))
    .digest("hex");
  const priority = Math.min(...notices.map(({ stage }) => MAIL_PRIORITIES[stage]));
  const mail = await tx.noticeMail.create({
    data: { userId, email, mailKey, priority, notBefore: now, createdAt: now },
    select: { id: true },
  });
  await tx.notice.updateMany({ where: { id: { in: notices.map(({ id }) => id) } }, data: { mailId: mail.id } });
}
