import "server-only";
import type { WorkerEvents } from "graphile-worker";

import { bookkeepingDb } from "@/lib/platform/database/write-db";

/** The jobs that this worker knows it has. */
export interface HeldJobs {
  readonly ids: () => string[];
}

/** Follows what the queue gives and takes. */
export function followHeldJobs(events: WorkerEvents): HeldJobs {
  const held = new Set<string>();
  events.on("localQueue:getJobs:complete", ({ jobs }) => jobs.forEach(({ id }) => held.add(id)));
  events.on("localQueue:returnJobs", ({ jobs }) => jobs.forEach(({ id }) => held.delete(id)));
  events.on("job:complete", ({ job }) => held.delete(job.id));
  return { ids: () => [...held] };
}

/**
 * Hands back what the queue gave and this worker never got: the answer was lost on the way, and a worker that lives
 * would keep them for hours. What was given a moment ago may still be on its way.
 */
export async function releaseLostJobs(poolId: string, { ids }: HeldJobs, olderThanSeconds: number): Promise<number> {
  return bookkeepingDb().$executeRaw`
    UPDATE graphile_worker._private_jobs
    SET locked_by = NULL, locked_at = NULL, attempts = greatest(0, attempts - 1)
    WHERE locked_by = ${poolId} AND locked_at NOT BETWEEN clock_timestamp() - make_interval(secs => ${olderThanSeconds})
        AND clock_timestamp() + make_interval(secs => ${olderThanSeconds})
      AND NOT id = ANY(${ids()}::bigint[])`;
}
