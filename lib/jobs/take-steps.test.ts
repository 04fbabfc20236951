import { afterAll, afterEach, describe, expect, it, vi } from "vitest";

import { useOwnDatabase } from "@/testing/own-database";

// Its places take every step: a database of its own.
const dropDatabase = await useOwnDatabase("steps");
const { databaseNow } = await import("@/lib/platform/database/db");
const { endPools, writePool } = await import("@/lib/platform/database/pool");
const { makeAccount } = await import("@/prisma/factories/accounts-and-keys");
const { defineStep } = await import("./define-step");
const { Slots } = await import("./slots");
const { claimSteps, endRun } = await import("./step-queue");
const { queueSteps, stepPlaces } = await import("./take-steps");

type Next = Awaited<ReturnType<ReturnType<typeof defineStep>["perform"]>>;
type Places = ReturnType<typeof stepPlaces>;

const POLL = { timeout: 15_000, interval: 10 };
const SLOTS = 8;
const running: Places[] = [];

afterEach(async () => {
  for (const places of running.splice(0)) await places.stop(0);
  await writePool().query("DELETE FROM run_steps");
});
afterAll(async () => {
  await endPools();
  await dropDatabase();
});

interface Run {
  readonly accountId: number;
  readonly subjectId: number;
  /** Ends the step. */
  readonly end: (next?: Next) => void;
}

/** A host that answers when the test says so. */
function slowStep(name = "test.slow") {
  const runs: Run[] = [];
  const step = defineStep({
    name,
    permission: "steps.take",
    run: (_permit, { accountId, subjectId }) =>
      new Promise<Next>((resolve) => runs.push({ accountId, subjectId, end: (next = null) => resolve(next) })),
  });
  return { step, runs, count: (accountId: number) => runs.filter((run) => run.accountId === accountId).length };
}

function startPlaces(...[steps, size = SLOTS]: [Parameters<typeof stepPlaces>[0], number?]): Places {
  const places = stepPlaces(steps, () => Promise.resolve(), size);
  running.push(places);
  return places;
}

interface StepRow {
  readonly subjectId: number;
  readonly isHeld: boolean;
  readonly failures: number;
  readonly inSeconds: number;
}

const rows = async () =>
  (
    await writePool().query<StepRow>(
      `SELECT subject_id AS "subjectId", leased_until IS NOT NULL AS "isHeld", failures,
        round(extract(epoch FROM due_at - clock_timestamp()))::int AS "inSeconds" FROM run_steps ORDER BY subject_id`,
    )
  ).rows;
const subjectsOf = ({ id: accountId }: { id: number }, ...subjectIds: number[]) =>
  subjectIds.map((subjectId) => ({ accountId, subjectId }));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("the places for steps", () => {
  it("are shared by accounts: alone one has half of them, and whoever comes later finds some free", async () => {
    const [many, few] = [await makeAccount(), await makeAccount()];
    const { step, runs, count } = slowStep();
    const places = startPlaces([step]);
    await queueSteps(step, subjectsOf(many, ...upTo(100)));
    await places.wake(databaseNow);
    await places.wake(databaseNow);
    expect(count(many.id)).toBe(SLOTS / 2);
    await queueSteps(step, subjectsOf(few, 1001, 1002));
    await places.wake(databaseNow);
    expect(count(few.id)).toBe(2);
    // What ends makes room for the next, by itself.
    for (const { end } of runs.splice(0)) end();
    await expect.poll(() => count(many.id), POLL).toBe(SLOTS / 2);
    expect(count(few.id)).toBe(0);
  });

  it("have no transaction open while a step waits for its host", async () => {
    const account = await makeAccount();
    const { step, runs } = slowStep();
    const places = startPlaces([step]);
    await queueSteps(step, subjectsOf(account, ...upTo(3)));
    await places.wake(databaseNow);
    expect(runs).toHaveLength(3);
    const { rows: open } = await writePool().query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
    );
    expect(open).toEqual([]);
  });

  it("leave to another release what only that one knows", async () => {
    const account = await makeAccount();
    const [known, unknown] = [slowStep("test.known"), slowStep("test.unknown")];
    await queueSteps(unknown.step, subjectsOf(account, 1));
    await queueSteps(known.step, subjectsOf(account, 2));
    await startPlaces([known.step]).wake(databaseNow);
    expect(known.runs).toHaveLength(1);
    expect(await rows()).toMatchObject([
      { subjectId: 1, isHeld: false },
      { subjectId: 2, isHeld: true },
    ]);
  });
});

describe("a run", () => {
  it("goes on when its step says, one step at a time, and ends when there is none", async () => {
    const account = await makeAccount();
    const { step, runs } = slowStep();
    const places = startPlaces([step]);
    await queueSteps(step, subjectsOf(account, 7));
    await places.wake(databaseNow);
    runs[0]?.end({ inMs: 0 });
    await expect.poll(() => runs.length, POLL).toBe(2);
    runs[1]?.end({ inMs: 60_000 });
    await expect.poll(async () => (await rows())[0]?.isHeld, POLL).toBe(false);
    const [{ inSeconds }] = (await rows()) as [StepRow];
    expect(inSeconds).toBeGreaterThan(30);
    await queueSteps(step, subjectsOf(account, 7));
    await places.wake(databaseNow);
    runs[2]?.end();
    await expect.poll(rows, POLL).toEqual([]);
    expect(runs).toHaveLength(3);
  });

  it("that is asked for while its step is under way goes on once more, whatever that step says", async () => {
    const account = await makeAccount();
    const { step, runs } = slowStep();
    const places = startPlaces([step]);
    await queueSteps(step, subjectsOf(account, 7));
    await places.wake(databaseNow);
    await queueSteps(step, subjectsOf(account, 7));
    await places.wake(databaseNow);
    expect(runs).toHaveLength(1);
    runs[0]?.end(null);
    await expect.poll(() => runs.length, POLL).toBe(2);
    await queueSteps(step, subjectsOf(account, 7));
    runs[1]?.end({ inMs: 3_600_000 });
    await expect.poll(() => runs.length, POLL).toBe(3);
    runs[2]?.end(null);
    await expect.poll(rows, POLL).toEqual([]);
  });

  it("whose step fails is tried again, later each time, and the log says nothing of what was sent", async () => {
    const account = await makeAccount();
    const step = defineStep({
      name: "test.failing",
      permission: "steps.take",
      run: () => Promise.reject(new Error("not now")),
    });
    const places = startPlaces([step]);
    await queueSteps(step, subjectsOf(account, 7));
    for (const [failures, seconds] of [
      [1, 5],
      [2, 10],
      [3, 20],
    ] as const) {
      await places.wake(databaseNow);
      await expect.poll(async () => (await rows())[0]?.failures, POLL).toBe(failures);
      const [{ inSeconds }] = (await rows()) as [StepRow];
      expect(inSeconds).toBeGreaterThan(seconds / 2);
      expect(inSeconds).toBeLessThanOrEqual(seconds);
      await queueSteps(step, subjectsOf(account, 7));
    }
  });

  it("of a dead worker is taken over within a minute, and what that one says later counts no more", async () => {
    const account = await makeAccount();
    const { step, runs } = slowStep();
    await queueSteps(step, subjectsOf(account, 7));
    const [dead] = await claimSteps(await databaseNow(), new Slots(SLOTS), [step.name]);
    const places = startPlaces([step]);
    const afterSeconds = (seconds: number) => async () => new Date((await databaseNow()).getTime() + seconds * 1000);
    await places.wake(afterSeconds(30));
    expect(runs).toHaveLength(0);
    await places.wake(afterSeconds(50));
    expect(runs).toHaveLength(1);
    await endRun(dead!);
    expect(await rows()).toMatchObject([{ subjectId: 7, isHeld: true }]);
  });

  it("is handed back at once by who stops, and somebody else goes on", async () => {
    const account = await makeAccount();
    const { step, runs } = slowStep();
    await queueSteps(step, subjectsOf(account, 7));
    const stopping = startPlaces([step]);
    await stopping.wake(databaseNow);
    await stopping.stop(0);
    expect(await rows()).toMatchObject([{ isHeld: false, failures: 0 }]);
    await startPlaces([step]).wake(databaseNow);
    expect(runs).toHaveLength(2);
    // What the first one says now counts no more.
    runs[0]?.end(null);
    await vi.waitFor(() => expect(runs).toHaveLength(2));
    expect(await rows()).toMatchObject([{ isHeld: true }]);
  });
});
