import "server-only";

import { log } from "@/lib/platform/log";
import { bookkeepingDb } from "@/lib/platform/database/write-db";

/** A dead worker's jobs are taken over within a minute: it is missed after this long, by a look as often as that. */
export const SILENCE_MS = 30_000;
const SILENCE_SECONDS = SILENCE_MS / 1000;
const BEAT_MS = 10_000;

/** Says that these workers live. */
export async function recordHeartbeat(...poolIds: readonly string[]): Promise<void> {
  await bookkeepingDb().$executeRaw`
    INSERT INTO worker_heartbeats (pool_id, seen_at) SELECT unnest(${poolIds}::text[]), clock_timestamp()
    ON CONFLICT (pool_id) DO UPDATE SET seen_at = excluded.seen_at`;
}

/**
 * Says that these workers live, and releases the jobs of those that fell silent, including those that died before their
 * first heartbeat; calls for somebody to do them. Returns the names of the dead.
 */
export async function releaseDeadWorkers(...living: readonly string[]): Promise<string[]> {
  // A heartbeat in the future is left over from a clock that was set back: a living worker overwrites it in time.
  const dead = await bookkeepingDb().$queryRaw<{ poolId: string }[]>`
    WITH living AS (
      INSERT INTO worker_heartbeats (pool_id, seen_at) SELECT unnest(${living}::text[]), clock_timestamp()
      ON CONFLICT (pool_id) DO UPDATE SET seen_at = excluded.seen_at
    ), corrected AS (
      UPDATE worker_heartbeats SET seen_at = clock_timestamp()
      WHERE seen_at > clock_timestamp() + make_interval(secs => ${SILENCE_SECONDS}) AND pool_id <> ALL (${living}::text[])
    ), dead AS MATERIALIZED (
      SELECT DISTINCT locked.by AS pool_id FROM (
        SELECT locked_by, locked_at FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL
        UNION ALL
        SELECT locked_by, locked_at FROM graphile_worker._private_job_queues WHERE locked_by IS NOT NULL
      ) AS locked(by, at)
      WHERE locked.at NOT BETWEEN clock_timestamp() - make_interval(secs => ${SILENCE_SECONDS})
        AND clock_timestamp() + make_interval(secs => ${SILENCE_SECONDS}) AND locked.by <> ALL (${living}::text[]) AND NOT EXISTS (
        SELECT FROM worker_heartbeats b
        WHERE b.pool_id = locked.by AND b.seen_at > clock_timestamp() - make_interval(secs => ${SILENCE_SECONDS}))
    ), released AS (
      SELECT graphile_worker.force_unlock_workers(array_agg(pool_id)), pg_notify('jobs:insert', '{"count":1}') FROM dead HAVING count(*) > 0
    ), forgotten AS (
      DELETE FROM worker_heartbeats
      WHERE seen_at < clock_timestamp() - make_interval(secs => ${SILENCE_SECONDS}) AND pool_id <> ALL (${living}::text[])
    )
    SELECT pool_id AS "poolId" FROM dead WHERE (SELECT count(*) FROM released) = 1`;
  return dead.map(({ poolId }) => poolId);
}

/** Does `work` now and every few seconds until stopped; a database that is away for a while ends nothing. */
export function startHeartbeat(work: () => Promise<void>): { stop(): Promise<void> } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const beat = async () => {
    await work().catch((error: unknown) =>
      log().warn({ err: error }, "the worker's heartbeat was not noted; it tries again"),
    );
    if (isStopped) return;
    timer = setTimeout(() => {
      current = beat();
    }, BEAT_MS);
  };
  let current = beat();
  const stop = async () => {
    isStopped = true;
    clearTimeout(timer);
    await current;
  };
  return { stop };
}

/** The last word of one who leaves in order. */
export async function deleteHeartbeat(poolId: string): Promise<void> {
  await bookkeepingDb().workerHeartbeat.deleteMany({ where: { poolId } });
}
