import "server-only";
import { z } from "zod";

import { db } from "@/lib/platform/database/db";
import { entrySequence, recordId } from "@/lib/platform/input-fields";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { defineJob, type Job } from "./define-job";

/** The payload of a listener's job: the event as it was stored, so that nothing more has to be read. */
export const eventPayload = z.object({
  accountId: recordId(),
  /** With the account, the event's one name: its place in the audit log. */
  sequence: entrySequence(),
  name: z.string(),
  record: z.object({ type: z.string(), id: recordId().nullable(), name: z.string() }),
  /** The whole record as it was then, in the API's newest shape; null where the event carries none. */
  payload: z.record(z.string(), z.unknown()).nullable(),
  /** An e-mail address, a key's name, or nobody. */
  triggeredBy: z.string().nullable(),
  occurredAt: z.iso.datetime(),
});
export type PublishedEvent = z.output<typeof eventPayload>;

/** Of a listener that hears of a change's events together; one that was put down by itself is a batch of one. */
export const eventsPayload = z.union([
  z.object({ events: z.array(eventPayload).min(1) }),
  eventPayload.transform((event) => ({ events: [event] })),
]);

/** Which jobs hear of an event. */
export type Listeners = Readonly<Partial<Record<string, readonly Job[]>>>;

const bareEntry = z.object({ accountId: recordId(), sequence: entrySequence() });
const payload = z.object({ entries: z.array(z.union([eventPayload, bareEntry])).min(1) });

/** Jobs that an older release queued hold only the numbers of their entries. */
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

interface ListenersJob {
  readonly name: string;
  readonly payload: object;
  /** The key that merges two runs into one, as long as the first one's job has not started. */
  readonly key: string;
}

function jobsOf(events: readonly PublishedEvent[], listeners: Listeners, together: readonly Job[]): ListenersJob[] {
  const byListener = new Map<Job, PublishedEvent[]>();
  for (const event of events)
    for (const job of listeners[event.name] ?? []) {
      const own = byListener.get(job);
      if (own) own.push(event);
      else byListener.set(job, [event]);
    }
  return [...byListener].flatMap(([job, own]) => {
    const jobFor = (payload: object, { accountId, sequence }: PublishedEvent): ListenersJob => ({
      name: job.name,
      payload,
      key: `${job.name}/${accountId}/${sequence}`,
    });
    const [first, second] = own;
    if (first && second && together.includes(job)) return [jobFor({ events: own }, first)];
    return own.map((event) => jobFor(event, event));
  });
}

/**
 * Queues the jobs of all listeners in one statement: one job for each event, or one for all events where the listener
 * takes them together.
 */
export function definePublishEvents(listeners: Listeners, together: readonly Job[] = []): Job {
  return defineJob({
    name: "events.publish",
    permission: "events.publish",
    payload,
    run: async (_permit, { entries }) => {
      const named = entries.filter((entry) => "name" in entry);
      const events = [...named, ...(await readEvents(entries.filter((entry) => !("name" in entry))))];
      const jobs = jobsOf(events, listeners, together);
      if (jobs.length === 0) return;
      await bookkeepingDb().$executeRaw`
        SELECT graphile_worker.add_job(job->>'name', job->'payload', job_key => job->>'key', job_key_mode => 'preserve_run_at')
        FROM json_array_elements(${JSON.stringify(jobs)}::json) AS job`;
    },
  });
}
