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
 */
export async function queueDueJobs(crontab: readonly CronLine[]): Promise<void> {
  const lines = crontab.map(({ job: { name: job }, everyMinutes: every, payload = {} }) => {
    const key = `cron/${job}${Object.keys(payload).length > 0 ? JSON.stringify(payload) : ""}`;
    return { key, job, every, payload };
  });
  await bookkeepingDb().$executeRaw`
    WITH line AS (
      SELECT key, job, payload, make_interval(mins => every) AS every
      FROM json_to_recordset(${JSON.stringify(lines)}::json) AS given(key text, job text, every int, payload json)
    ), due AS (
      INSERT INTO cron_ticks (job, ticked_at) SELECT key, clock_timestamp() FROM line ORDER BY key
      ON CONFLICT (job) DO UPDATE SET ticked_at = excluded.ticked_at
      WHERE cron_ticks.ticked_at > clock_timestamp()
        OR cron_ticks.ticked_at <= clock_timestamp() - (SELECT every FROM line WHERE line.key = excluded.job)
      RETURNING job AS key
    )
    SELECT graphile_worker.add_job(line.job, line.payload, job_key => key, job_key_mode => 'preserve_run_at')
    FROM due JOIN line USING (key)`;
}
