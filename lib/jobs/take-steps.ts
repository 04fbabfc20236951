import "server-only";
import { z } from "zod";

import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { log } from "@/lib/platform/log";
import { errorWithoutValues } from "@/lib/platform/logged-error";
import { measure } from "@/lib/platform/measurements";
import { singleton } from "@/lib/platform/singleton";
import { defineJob, type Job } from "./define-job";
import type { Step } from "./define-step";
import { Places } from "./places";
import {
  claimSteps,
  continueRun,
  endRun,
  handBackSteps,
  insertSteps,
  isAnyStepPending,
  readStepOutlook,
  type ClaimedStep,
  type StepSubject,
} from "./step-queue";

/** Many more than the queue has hands, and few enough that all of them leave the database to others. */
const SLOTS = 64;
const DAY_MS = 24 * 3600 * 1000;
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 3600 * 1000;
const WAKE = "steps.take";

function retryMs(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS);
}

/** The places in which a process does these steps. `admit` asks whether it still may. */
export function stepPlaces(steps: readonly Step[], admit: () => Promise<void>, size = SLOTS): Places<ClaimedStep> {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const names = [...byName.keys()];
  const attempt = async (claimed: ClaimedStep, isAbandoned: () => boolean) => {
    const { name, accountId, subjectId, failures } = claimed;
    try {
      await admit();
      const next = (await byName.get(name)?.perform({ accountId, subjectId })) ?? null;
      if (isAbandoned()) return;
      if (next === null) await endRun(claimed);
      else await continueRun(claimed, { inMs: Math.min(next.inMs, DAY_MS), failures: 0 });
      measure({ kind: "job", job: name, result: "done" });
    } catch (error) {
      measure({ kind: "job", job: name, result: "failed" });
      log().error({ err: errorWithoutValues(error), step: name, subjectId }, "a step failed; it is tried again");
      if (!isAbandoned()) await continueRun(claimed, { inMs: retryMs(failures), failures: failures + 1 });
    }
  };
  return new Places({
    what: "steps",
    size,
    claim: (now, slots) => claimSteps(now, slots, names),
    holderOf: ({ accountId, id, failures }) => ({ accountId, lineId: id, isFailing: failures > 0 }),
    perform: (claimed, _now, isAbandoned) => attempt(claimed, isAbandoned),
    handBack: handBackSteps,
    readOutlook: readStepOutlook,
    isAnyPending: isAnyStepPending,
  });
}

const place = () => singleton("step-places", () => ({ current: null as Places<ClaimedStep> | null }));

/** Wakes the process's places: whichever run it was queued for, all that is due goes. */
export function defineTakeSteps(steps: readonly Step[], admit: () => Promise<void>): Job {
  return defineJob({
    name: WAKE,
    permission: "steps.take",
    payload: z.object({}),
    run: (_permit, _payload, readNow) => (place().current ??= stepPlaces(steps, admit)).wake(readNow),
  });
}

/** The next one who asks begins anew. */
export async function stopSteps(): Promise<void> {
  const { current } = place();
  place().current = null;
  await current?.stop();
}

/** Begins a run of each of these, or has it go on at once. */
export async function queueSteps({ name }: Pick<Step, "name">, subjects: readonly StepSubject[]): Promise<void> {
  await insertSteps(name, subjects);
  await bookkeepingDb().$executeRaw`SELECT graphile_worker.add_job(${WAKE}, '{}'::json, job_key => ${WAKE})`;
}
