import "server-only";

import { bookkeepingDb } from "@/lib/platform/database/write-db";
import type { Job } from "./define-job";

export interface CronLine {
  readonly job: Job;
  readonly everyMinutes: number;
  readonly payload?: Readonly<Record<string, unknown>>;
}

/**
 * Queues what is due, once however many instances ask: by the database's clock, because a machine whose own is a day
 * ahead would otherwise put every sweep off by a day. A database whose clock was set back starts over.
 * @returns in how many seconds the next one is due
 */
export async function queueDueJobs(crontab: readonly CronLine[]): Promise<number> {
  const lines = crontab.map(({ job: { name: job }, everyMinutes: every, payload = {} }) => {
    const key = `cron/${job}${Object.keys(payload).length > 0 ? JSON.stringify(payload) : ""}`;
    return { key, job, every, payload };
  });
  const [next] = await bookkeepingDb().$queryRaw<{ seconds: number | null; queued: number }[]>`
    WITH line AS (
      SELECT key, job, payload, make_interval(mins => every) AS every
      FROM json_to_recordset(${JSON.stringify(lines)}::json) AS given(key text, job text, every int, payload json)
    ), due AS (
      INSERT INTO cron_ticks (job, ticked_at) SELECT key, clock_timestamp() FROM line ORDER BY key
      ON CONFLICT (job) DO UPDATE SET ticked_at = excluded.ticked_at
      WHERE cron_ticks.ticked_at > clock_timestamp()
        OR cron_ticks.ticked_at <= clock_timestamp() - (SELECT every FROM line WHERE line.key = excluded.job)
      RETURNING job AS key
    ), queued AS (
      SELECT graphile_worker.add_job(line.job, line.payload, job_key => key, job_key_mode => 'preserve_run_at')
      FROM due JOIN line USING (key)
    )
    SELECT (SELECT count(*) FROM queued)::int AS queued,
      min(extract(epoch FROM CASE WHEN due.key IS NULL THEN was.ticked_at + line.every - clock_timestamp() ELSE line.every END))::float8 AS seconds
    FROM line LEFT JOIN due USING (key) LEFT JOIN cron_ticks was ON was.job = line.key`;
  return next?.seconds ?? 0;
}
