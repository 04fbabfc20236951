import type { Job } from "@/lib/jobs/define-job";
import { writePool } from "@/lib/platform/database/pool";

/** Queues itself again for later, which at a chosen time never comes: it runs once, after all else. */
const LAST = "notices.send";

interface DrainOptions {
  /** What stays in the queue. */
  readonly skip?: readonly string[];
  /** Every job is done twice at the same time. */
  readonly twice?: boolean;
}

/** Does what a worker would, at a chosen time and until nothing is left. */
export async function drainQueue(
  jobs: readonly Job[],
  now: Date,
  { skip = [], twice = false }: DrainOptions = {},
): Promise<void> {
  while (await doBatch(jobs, now, [...skip, LAST], twice));
  if (!skip.includes(LAST)) await doBatch(jobs, now, skip, twice);
}

async function doBatch(jobs: readonly Job[], now: Date, skip: readonly string[], twice: boolean): Promise<boolean> {
  const { rows } = await writePool().query<{ name: string; payload: unknown }>(
    `WITH taken AS (
      DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
      WHERE t.id = j.task_id AND NOT t.identifier = ANY($1) RETURNING t.identifier AS name, j.payload, j.priority, j.run_at, j.id)
    SELECT name, payload FROM taken ORDER BY priority, run_at, id`,
    [skip],
  );
  for (const { name, payload } of rows) {
    const job = jobs.find((candidate) => candidate.name === name);
    if (!job) throw new Error(`nobody does ${name}`);
    await Promise.all(twice ? [job.perform(payload, now), job.perform(payload, now)] : [job.perform(payload, now)]);
  }
  return rows.length > 0;
}
