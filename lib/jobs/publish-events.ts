import "server-only";
import { z } from "zod";

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

const payload = z.object({ entries: z.array(eventPayload).min(1) });

interface ListenersJob {
  readonly job: Job;
  readonly payload: object;
  /** The key that merges two runs into one, as long as the first one's job has not started. */
  readonly key: string;
  /** One of many: left to all workers. */
  readonly isQueued: boolean;
}

/** How many events a listener that hears of each by itself is told of in place. */
const MOST_IN_PLACE = 5;

/** One for each event, or one for all of them where the listener takes them together. */
function jobsOf(events: readonly PublishedEvent[], listeners: Listeners, together: readonly Job[]): ListenersJob[] {
  const byListener = new Map<Job, PublishedEvent[]>();
  for (const event of events)
    for (const job of listeners[event.name] ?? []) {
      const own = byListener.get(job);
      if (own) own.push(event);
      else byListener.set(job, [event]);
    }
  return [...byListener].flatMap(([job, own]) => {
    const jobFor = (payload: object, { accountId, sequence }: PublishedEvent, index: number): ListenersJob => ({
      job,
      payload,
      key: `${job.name}/${accountId}/${sequence}`,
      isQueued: index >= MOST_IN_PLACE,
    });
    const [first, second] = own;
    if (first && second && together.includes(job)) return [jobFor({ events: own }, first, 0)];
    return own.map((event, index) => jobFor(event, event, index));
  });
}

/** What went wrong the job itself has logged. */
function isDone({ job, payload }: ListenersJob, readNow: () => Promise<Date>): Promise<boolean> {
  return job.perform(payload, readNow).then(
    () => true,
    () => false,
  );
}

async function queueJobs(jobs: readonly ListenersJob[]): Promise<void> {
  if (jobs.length === 0) return;
  const queued = jobs.map(({ job, payload, key }) => ({ name: job.name, payload, key }));
  await bookkeepingDb().$executeRaw`
    SELECT graphile_worker.add_job(job->>'name', job->'payload', job_key => job->>'key', job_key_mode => 'preserve_run_at')
    FROM json_array_elements(${JSON.stringify(queued)}::json) AS job`;
}

/**
 * Does what the listeners of the events do, one after the other: each has heard of them, or has a job in the queue that
 * tells it, before this ends. One that fails is tried again by itself, and keeps no other from hearing. Whoever dies in
 * the midst of it has another worker begin anew: for a listener, twice is once.
 */
export function definePublishEvents(listeners: Listeners, together: readonly Job[] = []): Job {
  return defineJob({
    name: "events.publish",
    permission: "events.publish",
    payload,
    run: async (_permit, { entries }, readNow) => {
      const later: ListenersJob[] = [];
      for (const one of jobsOf(entries, listeners, together)) {
        if (one.isQueued || !(await isDone(one, readNow))) later.push(one);
      }
      await queueJobs(later);
    },
  });
}
