import { describe, expect, it } from "vitest";

import { coalesced } from "./coalesced";

const options = { maxBatch: 3, maxInFlight: 2, timeoutMs: 10_000 };

/** Doubles numbers when told to, and remembers which travelled together. */
function doubler() {
  const batches: number[][] = [];
  const releases: (() => void)[] = [];
  const double = coalesced<number, number>(async (numbers) => {
    batches.push([...numbers]);
    await new Promise<void>((resolve) => releases.push(resolve));
    return numbers.map((number) => number * 2);
  }, options);
  /** Each batch is sent in a turn of its own. */
  const tick = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const release = async () => {
    for (const go of releases.splice(0)) go();
    await tick();
  };
  return { double, batches, tick, release };
}

describe("coalesced", () => {
  it("sends what was asked in one tick together, and gives each its own answer", async () => {
    const { double, batches, tick, release } = doubler();
    const answers = Promise.all([double(1), double(2), double(2)]);
    await tick();
    await release();
    expect(await answers).toEqual([2, 4, 4]);
    expect(batches).toEqual([[1, 2, 2]]);
  });

  it("never asks more at once than a batch, nor runs more batches than allowed", async () => {
    const { double, batches, tick, release } = doubler();
    const answers = Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(double));
    await tick();
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    await release();
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8],
    ]);
    await release();
    expect(await answers).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
  });

  it("asks anew for a question that comes while the same one is under way", async () => {
    const { double, batches, tick, release } = doubler();
    const first = double(1);
    await tick();
    const second = double(1);
    await tick();
    expect(batches).toEqual([[1], [1]]);
    await release();
    expect(await Promise.all([first, second])).toEqual([2, 2]);
  });

  it("gives the place of a statement that never returns to the next, and tells who waited for it", async () => {
    let isGone = true;
    const ask = coalesced<number, number>(
      (numbers) => (isGone ? new Promise(() => undefined) : Promise.resolve(numbers)),
      { maxBatch: 1, maxInFlight: 1, timeoutMs: 20 },
    );
    const [first, second] = [ask(1), ask(2)];
    await expect(first).rejects.toMatchObject({ code: "ETIMEDOUT" });
    isGone = false;
    expect(await second).toBe(2);
  });

  it("fails all questions of a failed batch, and goes on", async () => {
    let isBroken = true;
    const ask = coalesced<number, number>(
      (numbers) => (isBroken ? Promise.reject(new Error("gone")) : Promise.resolve(numbers)),
      options,
    );
    const outcomes = await Promise.allSettled([ask(1), ask(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    isBroken = false;
    expect(await ask(3)).toBe(3);
  });
});
