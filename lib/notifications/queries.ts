import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/db";
import type { NoticeStage } from "./policy";

/** What became of a notice. `waiting`: not sent yet. `overtaken`: nothing was left to say. `refused`: the provider never took it. */
export type NoticeFate = "waiting" | "sent" | "delivered" | "bounced" | "complained" | "overtaken" | "refused";

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
      CASE WHEN n.superseded_at IS NOT NULL THEN 'overtaken'
        WHEN m.bounced_at IS NOT NULL THEN 'bounced' WHEN m.complained_at IS NOT NULL THEN 'complained'
        WHEN m.delivered_at IS NOT NULL THEN 'delivered' WHEN m.sent_at IS NOT NULL THEN 'sent'
        WHEN m.dropped_at IS NOT NULL THEN 'refused' ELSE 'waiting' END AS fate
    FROM notices n JOIN users u ON u.id = n.user_id LEFT JOIN notice_mails m ON m.id = n.mail_id
    WHERE n.account_id = ${permit.account.id} AND n.api_key_id = ${apiKeyId}
    ORDER BY n.id DESC LIMIT ${LISTED}`);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
