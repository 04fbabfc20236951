import { Logger, run } from "graphile-worker";
import type { Pool } from "pg";

import type { EventName } from "@/lib/audit-log/events";
import type { Job } from "@/lib/jobs/define-job";
import { definePublishEvents } from "@/lib/jobs/publish-events";
import { sendInvitationJob } from "@/lib/members/jobs";
import { log } from "@/lib/platform/log";
import { writePool } from "@/lib/platform/pool";
import { sendSignInLinkJob } from "@/lib/sign-in/jobs";

/** Which job listens to which event. */
export const LISTENERS: Readonly<Partial<Record<EventName, readonly Job[]>>> = {};

/** Every job. */
export const JOBS: readonly Job[] = [definePublishEvents(LISTENERS), sendSignInLinkJob, sendInvitationJob];

const CONCURRENCY = 4;

/** The queue's own words, in our log; what it says of a failed job was said where the job ran. */
const queueLogger = new Logger((scope) => (level, message, meta) => {
  if (meta?.failure === true) return;
  const write = { error: "error", warning: "warn", info: "debug", debug: "trace" } as const;
  log()[write[level]]({ queue: scope.label }, message);
});

/** The connection that listens for new jobs is always taken out of the pool: when it breaks, that must not end the process. */
function outliveBrokenConnections(pool: Pool): void {
  if (pool.listenerCount("connect") === 0) pool.on("connect", (client) => client.on("error", () => undefined));
}

/** Works through the queue until stopped; `stop` lets running jobs finish and hands the others back. */
export async function startWorker(): Promise<{ stop(): Promise<void> }> {
  const pool = writePool();
  outliveBrokenConnections(pool);
  const runner = await run({
    pgPool: pool,
    taskList: Object.fromEntries(JOBS.map(({ name, perform }) => [name, perform])),
    parsedCronItems: [],
    noHandleSignals: true,
    logger: queueLogger,
    preset: {
      worker: {
        concurrentJobs: CONCURRENCY,
        // Barely more than run at once: what is fetched ahead would go before a sign-in mail that comes later.
        localQueue: { size: CONCURRENCY + 1 },
      },
    },
  });
  // Rejects when the worker ends by itself; without a listener that would end the process.
  runner.promise.catch((error: unknown) => log().error({ err: error }, "the worker ended"));
  return { stop: () => runner.stop() };
}
