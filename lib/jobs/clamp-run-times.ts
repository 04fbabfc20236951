import "server-only";

import { bookkeepingDb } from "@/lib/platform/database/write-db";
import type { CronLine } from "./crontab";

/** graphile-worker doubles its pause with each failure, up to e^10 seconds; a job that is put off itself waits a minute. */
const JOB_SECONDS = 22_100 + 61;
/** The provider may ask for an hour; nothing of ours is longer. */
const MAIL_SECONDS = 3600 + 60;
/** A day between the last retries, a tenth more or less. */
const DELIVERY_SECONDS = 24 * 3600 * 1.1;
/** Whoever has taken a delivery answers within so long, or has died over it. */
const LEASE_SECONDS = 60;
/** A run goes on within a day. */
const STEP_SECONDS = 24 * 3600 + 60;
/** A notice whose person has no job that makes its mail: the job is made with it. */
const NOTICE_SECONDS = 60;

/** How many waits of each queue were longer than its longest legitimate wait, and end now. */
type ClampedTimes = Readonly<
  Record<"jobs" | "mails" | "deliveries" | "leases" | "steps" | "stepLeases" | "notices", number>
>;

/**
 * A clock that was ahead for a while leaves run times in the queues that lie further in the future than any legitimate
 * wait. They are set to now, by the database's clock as it is by now.
 */
export async function clampRunTimes(crontab: readonly CronLine[]): Promise<ClampedTimes> {
  const db = bookkeepingDb();
  return {
    jobs: await db.$executeRaw`
      WITH line AS (SELECT * FROM json_to_recordset(${JSON.stringify(periodsOf(crontab))}::json) AS given(task text, seconds int))
      UPDATE graphile_worker._private_jobs j SET run_at = clock_timestamp()
      FROM graphile_worker._private_tasks t LEFT JOIN line ON line.task = t.identifier
      WHERE t.id = j.task_id AND j.locked_at IS NULL AND j.run_at > clock_timestamp() + make_interval(secs =>
        CASE WHEN starts_with(j.key, 'cron/') THEN coalesce(line.seconds, ${JOB_SECONDS}) ELSE ${JOB_SECONDS} END)`,
    mails: await db.$executeRaw`
      UPDATE notice_mails SET not_before = clock_timestamp()
      WHERE sent_at IS NULL AND dropped_at IS NULL AND not_before > clock_timestamp() + make_interval(secs => ${MAIL_SECONDS})`,
    deliveries: await db.$executeRaw`
      UPDATE webhook_events SET next_attempt_at = clock_timestamp()
      WHERE status = 'pending' AND next_attempt_at > clock_timestamp() + make_interval(secs => ${DELIVERY_SECONDS})`,
    leases: await db.$executeRaw`
      UPDATE webhook_events SET leased_until = NULL
      WHERE status = 'pending' AND leased_until > clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`,
    steps: await db.$executeRaw`
      UPDATE run_steps SET due_at = clock_timestamp()
      WHERE due_at > clock_timestamp() + make_interval(secs => ${STEP_SECONDS})`,
    stepLeases: await db.$executeRaw`
      UPDATE run_steps SET leased_until = NULL
      WHERE leased_until > clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`,
    notices: await composeForgotten(),
  };
}

/** The longest period of each: one that is done by the clock anyway need not wait for its retry. */
function periodsOf(crontab: readonly CronLine[]): { task: string; seconds: number }[] {
  const periods = new Map<string, number>();
  for (const { job, everyMinutes } of crontab)
    periods.set(job.name, Math.max(periods.get(job.name) ?? 0, everyMinutes * 60));
  return [...periods].map(([task, seconds]) => ({ task, seconds }));
}

/**
 * For people whose notices are in no mail and who have no job left that would compose one, because it failed for good
 * or is gone.
 */
function composeForgotten(): Promise<number> {
  return bookkeepingDb().$executeRaw`
    SELECT graphile_worker.add_job('notices.compose', json_build_object('userId', user_id), job_key => 'notices.compose/' || user_id)
    FROM (
      SELECT DISTINCT user_id FROM notices
      WHERE mail_id IS NULL AND superseded_at IS NULL
        AND abs(extract(epoch FROM clock_timestamp() - created_at)) > ${NOTICE_SECONDS}
    ) AS people
    WHERE NOT EXISTS (SELECT FROM graphile_worker._private_jobs j
      WHERE j.key = 'notices.compose/' || user_id AND j.attempts < j.max_attempts)`;
}
