import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { STUCK_AFTER_MINUTES, type NoticeStage } from "./policy";

/** What became of a notice. `waiting`: not sent yet. `unconfirmed`: nobody knows yet whether the provider took it. `superseded`: nothing was left to say. `refused`: the provider never took it. */
export type NoticeFate =
  "waiting" | "unconfirmed" | "sent" | "delivered" | "bounced" | "complained" | "superseded" | "refused";

/** One thing that one person was told of a key. */
export interface NoticeRow {
  readonly id: number;
  readonly stage: NoticeStage;
  readonly toName: string;
  readonly toEmail: string;
  /** When it was sent; of one that was not, when it was due. */
  readonly at: string;
  readonly fate: NoticeFate;
}

const LISTED = 50;

/** The latest 50 notices about a key of the account, newest first. */
export async function listNotices(
  permit: Permit<"auditLog.read">,
  { apiKeyId }: { readonly apiKeyId: number },
): Promise<NoticeRow[]> {
  const rows = await readSql<Omit<NoticeRow, "at"> & { at: Date }>(Prisma.sql`
    SELECT n.id, n.stage::text AS stage, u.name AS "toName", COALESCE(m.email, u.email) AS "toEmail",
      COALESCE(n.superseded_at, m.sent_at, n.created_at) AS at,
      CASE WHEN n.superseded_at IS NOT NULL THEN 'superseded'
        WHEN m.bounced_at IS NOT NULL THEN 'bounced' WHEN m.complained_at IS NOT NULL THEN 'complained'
        WHEN m.delivered_at IS NOT NULL THEN 'delivered' WHEN m.sent_at IS NOT NULL THEN 'sent'
        WHEN m.dropped_at IS NOT NULL THEN 'refused'
        WHEN m.open_since IS NOT NULL THEN 'unconfirmed' ELSE 'waiting' END AS fate
    FROM notices n JOIN users u ON u.id = n.user_id LEFT JOIN notice_mails m ON m.id = n.mail_id
    WHERE n.account_id = ${permit.account.id} AND n.api_key_id = ${apiKeyId}
    ORDER BY n.id DESC LIMIT ${LISTED}`);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Notices of an account that nothing confirms to have been mailed though they are an hour old. */
export interface StuckMail {
  readonly notices: number;
  readonly people: number;
  /** When the oldest of them was due. */
  readonly since: string;
  /** What the latest attempt that was answered came to; null where none is known of. */
  readonly lastAnswer: string | null;
}

/** Null where nothing is stuck. */
export async function stuckMail(permit: Permit<"auditLog.read">): Promise<StuckMail | null> {
  const accountId = permit.account.id;
  const [row] = await readSql<Omit<StuckMail, "since"> & { since: Date | null }>(Prisma.sql`
    WITH waiting AS (
      SELECT n.user_id, n.created_at, m.failure, m.not_before FROM notice_mails m JOIN notices n ON n.mail_id = m.id
      WHERE m.sent_at IS NULL AND m.dropped_at IS NULL AND n.superseded_at IS NULL AND n.account_id = ${accountId}
      UNION ALL
      SELECT user_id, created_at, NULL, NULL FROM notices
      WHERE mail_id IS NULL AND superseded_at IS NULL AND account_id = ${accountId}
    )
    SELECT count(*)::int AS notices, count(DISTINCT user_id)::int AS people, min(created_at) AS since,
      (array_agg(failure ORDER BY not_before DESC) FILTER (WHERE failure IS NOT NULL))[1] AS "lastAnswer"
    FROM waiting WHERE created_at < statement_timestamp() - make_interval(mins => ${STUCK_AFTER_MINUTES}::int)`);
  if (row === undefined || row.since === null) return null;
  return { ...row, since: row.since.toISOString() };
}
