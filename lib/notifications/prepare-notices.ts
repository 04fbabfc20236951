import "server-only";

import type { PublishedEvent } from "@/lib/jobs/publish-events";
import type { Permit } from "@/lib/auth/permit";
import { KEY_IS_WITHIN_MEMBERSHIP } from "@/lib/auth/rights";
import { db, Prisma } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { stageOfDays, STAGE_DAYS, type EventStage, type NoticeStage } from "./policy";

/** Whatever else happens to a person's keys at the same moment is told in the same mail. */
const GATHER_SECONDS = 5;

/**
 * Who is told of a key `k` by a membership `m`: owners, and administrators who could act; one limited to some
 * customers touches no key that reaches further (docs/decisions/0010).
 */
export const MEMBERSHIP_IS_NOTIFIED = Prisma.sql`
  m.role IN ('owner', 'administrator') AND ${KEY_IS_WITHIN_MEMBERSHIP}`;

interface DueNotice {
  readonly stage: NoticeStage;
  /** The end that the stage leads to; null = the key's own, as it is now. */
  readonly expiresAt: string | null;
  readonly sequence: number;
}

/** The same for a notice of a stage: that a partner's key has lost its creator is for the owners alone. */
export function isNotifiedOf(stage: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${MEMBERSHIP_IS_NOTIFIED} AND (${stage} <> 'creator_left' OR m.role = 'owner'))`;
}

const DEEDS: Readonly<Record<string, EventStage>> = {
  "apiKey.created": "created",
  "apiKey.regenerated": "regenerated",
  "apiKey.revoked": "revoked",
  "apiKey.flagged": "creator_left",
};

async function noticeOf({ name, record, payload, sequence }: PublishedEvent): Promise<DueNotice | null> {
  if (name === "apiKey.expired") return { stage: "expired", expiresAt: null, sequence: 0 };
  if (name === "apiKey.expiring") {
    const days = STAGE_DAYS.find((stage) => stage === payload?.days_left);
    return days === undefined
      ? null
      : { stage: stageOfDays(days), expiresAt: String(payload?.expires_at), sequence: 0 };
  }
  const deed = DEEDS[name];
  if (deed === undefined) return null;
  const key = deed === "revoked" && record.id !== null ? await revokedKey(record.id) : null;
  return { stage: key?.revokedReason === "reported_leaked" ? "leaked" : deed, expiresAt: null, sequence };
}

function revokedKey(id: number) {
  return db().apiKey.findUnique({ where: { id }, select: { revokedReason: true } });
}

/** Notes whom an event concerns, each person once, and has their mails made. Twice is once: the unique index decides. */
export async function prepareNotices(_permit: Permit<"notices.send">, event: PublishedEvent, now: Date): Promise<void> {
  const due = await noticeOf(event);
  if (due === null || event.record.id === null) return;
  const { stage, expiresAt, sequence } = due;
  const days = STAGE_DAYS.find((candidate) => stageOfDays(candidate) === stage) ?? null;
  await bookkeepingDb().$executeRaw`
    WITH noted AS (
      INSERT INTO notices (account_id, api_key_id, user_id, stage, expires_at, sequence, created_at)
      SELECT k.account_id, k.id, m.user_id, ${stage}::notice_stage, COALESCE(${expiresAt}::timestamptz, k.expires_at), ${sequence}, ${now}::timestamptz
      FROM api_keys k JOIN memberships m ON m.account_id = k.account_id
      WHERE k.id = ${event.record.id} AND k.account_id = ${event.accountId} AND ${isNotifiedOf(Prisma.sql`${stage}::notice_stage`)}
        AND NOT EXISTS (SELECT FROM expiry_stages s WHERE s.api_key_id = k.id AND s.days = ${days}::int AND s.silent
          AND s.expires_at = COALESCE(${expiresAt}::timestamptz, k.expires_at))
      ON CONFLICT DO NOTHING
      RETURNING user_id
    )
    SELECT graphile_worker.add_job('notices.compose', json_build_object('userId', user_id),
      run_at => clock_timestamp() + make_interval(secs => ${GATHER_SECONDS}),
      job_key => 'notices.compose/' || user_id, job_key_mode => 'preserve_run_at')
    FROM (SELECT DISTINCT user_id FROM noted) AS people`;
}
