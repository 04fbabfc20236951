import { EventEmitter } from "node:events";
import { Logger, run, type TaskList, type WorkerEvents } from "graphile-worker";

import { recordExpiryJob } from "@/lib/api-keys/jobs";
import { purgeSubmissionsJob, logAuditHeadsJob, verifyAuditLogsJob } from "@/lib/audit-log/jobs";
import { sweepCustomFieldJob } from "@/lib/custom-fields/jobs";
import { purgeTriedImportsJob } from "@/lib/imports/jobs";
import { defineRunImport } from "@/lib/imports/run-import";
import { mailRefusedJob, notifyRefusedJob, queueDueChecksJob } from "@/lib/integration-credentials/jobs";
import { defineCheckCredential } from "@/lib/integration-credentials/queue-due-checks";
import { queueDueJobs, type CronLine } from "@/lib/jobs/crontab";
import { clampRunTimes } from "@/lib/jobs/clamp-run-times";
import { taskOf, type Job } from "@/lib/jobs/define-job";
import { deleteHeartbeat, recordHeartbeat, releaseDeadWorkers, SILENCE_MS, startHeartbeat } from "@/lib/jobs/heartbeat";
import { followHeldJobs, releaseLostJobs, type HeldJobs } from "@/lib/jobs/held-jobs";
import { definePublishEvents, type Listeners } from "@/lib/jobs/publish-events";
import type { Step } from "@/lib/jobs/define-step";
import { queuePool } from "@/lib/jobs/queue-pool";
import { defineTakeSteps, stopSteps } from "@/lib/jobs/take-steps";
import { sendInvitationJob } from "@/lib/members/jobs";
import { composeNoticesJob, prepareNoticesJob, sendNoticesJob } from "@/lib/notifications/jobs";
import { databaseIdentity, TABLE_OID } from "@/lib/platform/database/identity";
import { log } from "@/lib/platform/log";
import { measure } from "@/lib/platform/measurements";
import { writePool } from "@/lib/platform/database/pool";
import { purgeOldAnswersJob } from "@/lib/public-api/jobs";
import { purgeOldSignInsJob, sendSignInLinkJob } from "@/lib/sign-in/jobs";
import { stopDispatcher } from "@/lib/webhooks/deliveries/dispatcher";
import {
  deliverWebhooksJob,
  purgeOldDeliveriesJob,
  mailDisabledJob,
  enqueueDeliveriesJob,
  notifyDisabledJob,
} from "@/lib/webhooks/jobs";
import { WEBHOOK_EVENT_NAMES } from "@/lib/webhooks/policy";
import { IMPORT_WRITERS } from "./import-writers";
import { openSecret } from "./secret-opener";

/** Whose events people are mailed of. */
const NOTICED = ["created", "regenerated", "revoked", "flagged", "expiring", "expired"].map((deed) => `apiKey.${deed}`);

/** Which job listens to which event. */
export const LISTENERS: Listeners = {
  ...Object.fromEntries(
    [...new Set<string>([...NOTICED, ...WEBHOOK_EVENT_NAMES])].map((name) => [
      name,
      [
        ...(NOTICED.includes(name) ? [prepareNoticesJob] : []),
        ...((WEBHOOK_EVENT_NAMES as readonly string[]).includes(name) ? [enqueueDeliveriesJob] : []),
      ],
    ]),
  ),
  "webhook.disabled": [notifyDisabledJob],
  "credential.refused": [notifyRefusedJob],
};

/** What asks hosts of others, step by step. */
export const STEPS: readonly Step[] = [defineCheckCredential(openSecret)];

const takeStepsJob = defineTakeSteps(STEPS, confirmDatabase);

/** Every job. */
export const JOBS: readonly Job[] = [
  definePublishEvents(LISTENERS, [enqueueDeliveriesJob]),
  takeStepsJob,
  sendSignInLinkJob,
  sendInvitationJob,
  recordExpiryJob,
  prepareNoticesJob,
  composeNoticesJob,
  sendNoticesJob,
  enqueueDeliveriesJob,
  deliverWebhooksJob,
  notifyDisabledJob,
  mailDisabledJob,
  purgeOldDeliveriesJob,
  purgeOldSignInsJob,
  purgeOldAnswersJob,
  sweepCustomFieldJob,
  defineRunImport(IMPORT_WRITERS),
  purgeTriedImportsJob,
  queueDueChecksJob,
  notifyRefusedJob,
  mailRefusedJob,
  verifyAuditLogsJob,
  logAuditHeadsJob,
  purgeSubmissionsJob,
];

const DAY = 24 * 60;

/** What is done by the clock, once however many workers there are. */
export const CRONTAB: readonly CronLine[] = [
  { job: recordExpiryJob, everyMinutes: 1 },
  { job: sendNoticesJob, everyMinutes: 1 },
  { job: deliverWebhooksJob, everyMinutes: 1 },
  { job: queueDueChecksJob, everyMinutes: 5 },
  { job: takeStepsJob, everyMinutes: 5 },
  { job: purgeOldDeliveriesJob, everyMinutes: 60 },
  { job: purgeOldSignInsJob, everyMinutes: 60 },
  { job: purgeOldAnswersJob, everyMinutes: 60 },
  { job: verifyAuditLogsJob, everyMinutes: 5 },
  { job: verifyAuditLogsJob, everyMinutes: DAY, payload: { fromStart: true } },
  { job: logAuditHeadsJob, everyMinutes: DAY },
  { job: purgeSubmissionsJob, everyMinutes: DAY },
  { job: purgeTriedImportsJob, everyMinutes: DAY },
];

const CONCURRENCY = 4;
const POLL_MS = 5_000;

/** The queue's own words, in our log; what it says of a failed job was said where the job ran. */
const queueLogger = new Logger((scope) => (level, message, meta) => {
  if (meta?.failure === true) return;
  const write = { error: "error", warning: "warn", info: "debug", debug: "trace" } as const;
  log()[write[level]]({ queue: scope.label }, message);
});

const WAITS_EVERY_MS = 60_000;
/** What a worker never got is his for so long anyway. */
const LOST_JOBS_EVERY_MS = SILENCE_MS / 2;
/** A database whose clock was set back is asked again after as long as that. */
const CRONTAB_EVERY_MS = 60_000;

/** Does `work` when it is called, unless it is too early for that: as the last time said, or `everyMs` after it. */
function whenItIsTime(everyMs: number, work: () => Promise<number | void>): () => Promise<void> {
  let nextAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = performance.now();
    if (now < nextAt) return;
    nextAt = now + Math.min((await work()) ?? everyMs, everyMs);
  };
}

/** A minute apart: what ends was to wait for days. */
async function endFalseWaits(): Promise<void> {
  const ended = await clampRunTimes(CRONTAB);
  if (Object.values(ended).some((count) => count > 0))
    log().warn(
      { ended },
      "waits were longer than any of their queue can be, as a clock that was ahead leaves them; they are over",
    );
}

/** What each worker does every few seconds beside its jobs. */
function startKeepingHouse(poolIds: ReadonlySet<string>, held: HeldJobs): { stop(): Promise<void> } {
  let livedSince: number | null = null;
  let takesSteps = false;
  const lookAtWaits = whenItIsTime(WAITS_EVERY_MS, endFalseWaits);
  const queueDue = whenItIsTime(CRONTAB_EVERY_MS, async () => (await queueDueJobs(CRONTAB)) * 1000);
  const releaseLost = whenItIsTime(LOST_JOBS_EVERY_MS, async () => {
    for (const poolId of poolIds) await releaseLostJobs(poolId, held, SILENCE_MS / 1000);
  });
  const beating = startHeartbeat(async () => {
    const seen = livedSince;
    livedSince = null;
    // Right after the database was away everybody seems dead.
    const livesLong = seen !== null && performance.now() - seen >= SILENCE_MS;
    const dead = livesLong ? await releaseDeadWorkers(...poolIds) : [];
    if (!livesLong) await recordHeartbeat(...poolIds);
    if (dead.length > 0) log().warn({ workers: dead }, "workers fell silent; what they had begun is taken over");
    await queueDue();
    // From its beginning on: what another one dies over is taken by whoever looks.
    if (!takesSteps) await takeStepsJob.perform({});
    takesSteps = true;
    livedSince = seen ?? performance.now();
    if (!livesLong) return;
    await releaseLost();
    await lookAtWaits();
  });
  const stop = async () => {
    await beating.stop();
    for (const poolId of poolIds) await deleteHeartbeat(poolId).catch(() => undefined);
  };
  return { stop };
}

export interface RunningWorker {
  /** False once it has ended, be it by itself. */
  isAlive(): boolean;
  /** Once it has ended, be it by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

function countJobs(events: WorkerEvents): void {
  events.on("job:success", ({ job }) => measure({ kind: "job", job: job.task_identifier, result: "done" }));
  events.on("job:error", ({ job }) => measure({ kind: "job", job: job.task_identifier, result: "failed" }));
  events.on("job:failed", ({ job }) => measure({ kind: "job", job: job.task_identifier, result: "given up" }));
}

/** A job that was taken from a queue restored under this process is not done. @throws OtherDatabaseError */
async function confirmDatabase(): Promise<void> {
  const { rows } = await writePool().query<{ oid: number | null }>(`SELECT ${TABLE_OID} AS oid`);
  databaseIdentity().confirm(rows[0]?.oid ?? null);
}

/** Works through the queue until stopped; `stop` lets running jobs finish and hands the others back. */
export async function startWorker(): Promise<RunningWorker> {
  const poolIds = new Set<string>();
  const events: WorkerEvents = new EventEmitter();
  events.on("pool:create", ({ workerPool }) => poolIds.add(workerPool.id));
  countJobs(events);
  const held = followHeldJobs(events);
  const queue = queuePool(writePool());
  const taskList: TaskList = Object.fromEntries(JOBS.map((job) => [job.name, taskOf(job, confirmDatabase)]));
  const runner = await run({
    pgPool: queue.pool,
    taskList,
    events,
    parsedCronItems: [],
    noHandleSignals: true,
    logger: queueLogger,
    preset: {
      worker: {
        // Who adds a job calls; what is to be done later is looked for.
        pollInterval: POLL_MS,
        concurrentJobs: CONCURRENCY,
        // Barely more than run at once: what is fetched ahead would go before a sign-in mail that comes later.
        localQueue: { size: CONCURRENCY + 1 },
      },
    },
  });
  // Rejects when the worker ends by itself; without a listener that would end the process.
  let isAlive = true;
  const ended = runner.promise
    .catch((error: unknown) => log().error({ err: error }, "the worker ended"))
    .finally(() => (isAlive = false));
  const house = startKeepingHouse(poolIds, held);
  const stop = async () => {
    queue.stop();
    await Promise.all([isAlive ? runner.stop() : undefined, stopDispatcher(), stopSteps()]);
    await house.stop();
  };
  return { isAlive: () => isAlive, ended, stop };
}
