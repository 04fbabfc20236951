import "server-only";
import { z } from "zod";

import { db } from "@/lib/platform/db";
import { bookkeepingDb } from "@/lib/platform/write-db";
import { defineJob, type Job } from "./define-job";

/** What a listener's job gets: the event as it was put down, so that nothing more needs to be read. */
export const eventPayload = z.object({
  accountId: z.int(),
  /** With the account, the event's one name: its place in the audit log. */
  sequence: z.int(),
  name: z.string(),
  record: z.object({ type: z.string(), id: z.int().nullable(), name: z.string() }),
  /** The whole record as it was then, in the API's newest shape; null where the event carries none. */
  payload: z.record(z.string(), z.unknown()).nullable(),
  /** An e-mail address, a key's name, or nobody. */
  triggeredBy: z.string().nullable(),
  occurredAt: z.iso.datetime(),
});
export type PublishedEvent = z.output<typeof eventPayload>;

/** Which jobs hear of an event. */
export type Listeners = Readonly<Partial<Record<string, readonly Job[]>>>;

const bareEntry = z.strictObject({ accountId: z.int(), sequence: z.int() });
const payload = z.strictObject({ entries: z.array(z.union([eventPayload, bareEntry])).min(1) });

/** Jobs that an older release put down name their entries alone. */
async function readEvents(entries: readonly z.output<typeof bareEntry>[]): Promise<PublishedEvent[]> {
  if (entries.length === 0) return [];
  const written = await db().auditEntry.findMany({
    where: { OR: [...entries] },
    select: {
      accountId: true,
      sequence: true,
      action: true,
      recordType: true,
      recordId: true,
      recordName: true,
      occurredAt: true,
    },
  });
  return written.map(({ action, recordType, recordId, recordName, occurredAt, ...entry }) => ({
    ...entry,
    name: action,
    record: { type: recordType, id: recordId, name: recordName },
    payload: null,
    triggeredBy: null,
    occurredAt: occurredAt.toISOString(),
  }));
}

/** Tells the listeners what a change left: one job per listener and event, all in one statement. */
export function definePublishEvents(listeners: Listeners): Job {
  return defineJob({
    name: "events.publish",
    permission: "events.publish",
    payload,
    run: async (_permit, { entries }) => {
      const told = entries.filter((entry) => "name" in entry);
      const events = [...told, ...(await readEvents(entries.filter((entry) => !("name" in entry))))];
      const jobs = events.flatMap((event) =>
        // The key makes one of two runs, as long as the first one's job still waits.
        (listeners[event.name] ?? []).map(({ name }) => ({
          name,
          payload: event,
          key: `${name}/${event.accountId}/${event.sequence}`,
        })),
      );
      if (jobs.length === 0) return;
      await bookkeepingDb().$executeRaw`
        SELECT graphile_worker.add_job(job->>'name', job->'payload', job_key => job->>'key', job_key_mode => 'preserve_run_at')
        FROM json_array_elements(${JSON.stringify(jobs)}::json) AS job`;
    },
  });
}
