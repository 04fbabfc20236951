import type { Job } from "@/lib/jobs/define-job";
import { writePool } from "@/lib/platform/pool";

/** These queue themselves again for later, which at a chosen time never comes. */
const ONCE = ["notices.send"];

/** Does what a worker would, at a chosen time and until nothing is left; jobs that are skipped stay in the queue. */
export async function drainQueue(jobs: readonly Job[], now: Date, { skip = [] as readonly string[], twice = false } = {}): Promise<void> {
  const left = [...skip];
  for (;;) {
    const { rows } = await writePool().query<{ name: string; payload: unknown }>(
      `WITH taken AS (
        DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
        WHERE t.id = j.task_id AND NOT t.identifier = ANY($1) RETURNING t.identifier AS name, j.payload, j.priority, j.run_at, j.id)
      SELECT name, payload FROM taken ORDER BY priority, run_at, id`,
      [left],
    );
    if (rows.length === 0) return;
    for (const { name, payload } of rows) {
      const job = jobs.find((candidate) => candidate.name === name);
      if (!job) throw new Error(`nobody does ${name}`);
      const runs = twice ? [job.perform(payload, now), job.perform(payload, now)] : [job.perform(payload, now)];
      await Promise.all(runs);
      if (ONCE.includes(name)) left.push(name);
    }
  }
}
