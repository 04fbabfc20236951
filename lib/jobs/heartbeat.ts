import "server-only";

import { log } from "@/lib/platform/log";
import { bookkeepingDb } from "@/lib/platform/database/write-db";

/** A dead worker's jobs are taken over within a minute: it is missed after this long, by a look as often as that. */
export const SILENCE_MS = 30_000;
const SILENCE_SECONDS = SILENCE_MS / 1000;
const BEAT_MS = 5_000;

/** Says that this worker lives. */
export async function recordHeartbeat(poolId: string): Promise<void> {
  await bookkeepingDb().$executeRaw`
    INSERT INTO worker_heartbeats (pool_id, seen_at) VALUES (${poolId}, clock_timestamp())
    ON CONFLICT (pool_id) DO UPDATE SET seen_at = excluded.seen_at`;
}

/**
 * Releases the jobs of workers that fell silent, including those that died before their first heartbeat. Returns their
 * names.
 */
export async function releaseDeadWorkers(): Promise<string[]> {
  return bookkeepingDb().$transaction(async (tx) => {
    // A heartbeat in the future is left over from a clock that was set back: a living worker overwrites it in time.
    await tx.$executeRaw`
      UPDATE worker_heartbeats SET seen_at = clock_timestamp() WHERE seen_at > clock_timestamp() + make_interval(secs => ${SILENCE_SECONDS})`;
    const dead = await tx.$queryRaw<{ poolId: string }[]>`
      SELECT DISTINCT locked.by AS "poolId" FROM (
        SELECT locked_by, locked_at FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL
        UNION ALL
        SELECT locked_by, locked_at FROM graphile_worker._private_job_queues WHERE locked_by IS NOT NULL
      ) AS locked(by, at)
      WHERE locked.at NOT BETWEEN clock_timestamp() - make_interval(secs => ${SILENCE_SECONDS})
        AND clock_timestamp() + make_interval(secs => ${SILENCE_SECONDS}) AND NOT EXISTS (
        SELECT FROM worker_heartbeats b
        WHERE b.pool_id = locked.by AND b.seen_at > clock_timestamp() - make_interval(secs => ${SILENCE_SECONDS}))`;
    const poolIds = dead.map(({ poolId }) => poolId);
    if (poolIds.length > 0) await tx.$executeRaw`SELECT graphile_worker.force_unlock_workers(${poolIds}::text[])`;
    await tx.$executeRaw`
      DELETE FROM worker_heartbeats WHERE seen_at < clock_timestamp() - make_interval(secs => ${SILENCE_SECONDS})`;
    return poolIds;
  });
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
