import "server-only";
import { z } from "zod";

import { db } from "@/lib/platform/db";
import { bookkeepingDb } from "@/lib/platform/write-db";
import { defineJob, type Job } from "./define-job";

/** Which jobs hear of an event; each gets `{ accountId, sequence }` of its audit entry. */
export type Listeners = Readonly<Partial<Record<string, readonly Job[]>>>;

const payload = z.strictObject({
  entries: z.array(z.strictObject({ accountId: z.int(), sequence: z.int() })).min(1),
});

/** Tells the listeners what a change left: one job per listener and entry, all in one statement. */
export function definePublishEvents(listeners: Listeners): Job {
  return defineJob({
    name: "events.publish",
    permission: "events.publish",
    payload,
    run: async (_permit, { entries }) => {
      if (Object.keys(listeners).length === 0) return;
      const select = { accountId: true, sequence: true, action: true } as const;
      const written = await db().auditEntry.findMany({
        where: { OR: entries },
        select,
        orderBy: [{ accountId: "asc" }, { sequence: "asc" }],
      });
      const jobs = written.flatMap(({ action, ...entry }) =>
        // The key makes one of two runs, as long as the first one's job still waits.
        (listeners[action] ?? []).map(({ name }) => ({
          name,
          payload: entry,
          key: `${name}/${entry.accountId}/${entry.sequence}`,
        })),
      );
      if (jobs.length === 0) return;
      await bookkeepingDb().$executeRaw`
        SELECT graphile_worker.add_job(job->>'name', job->'payload', job_key => job->>'key', job_key_mode => 'preserve_run_at')
        FROM json_array_elements(${JSON.stringify(jobs)}::json) AS job`;
    },
  });
}
