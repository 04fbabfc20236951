import { setTimeout as sleep } from "node:timers/promises";

import { log } from "@/lib/platform/log";
import { serving, type Serving } from "@/lib/platform/serving";
import type { RunningWorker } from "./worker";

const RETRY_MS = 1000;

export type KeptWorker = Pick<RunningWorker, "isAlive" | "stop">;

/**
 * A worker that takes no jobs while this process must not serve, and goes on by itself when it may again. One that has
 * ended by itself is followed by another.
 */
export async function workWhileServing(
  start: () => Promise<RunningWorker>,
  serves: Serving = serving(),
): Promise<KeptWorker> {
  let isStopped = false;
  let worker: RunningWorker | null = null;
  const adapt = async () => {
    const mayWork = serves.refusedBecause() === null && !isStopped;
    if (worker !== null && !(mayWork && worker.isAlive())) {
      const ending = worker;
      worker = null;
      await ending.stop();
    }
    if (!mayWork || worker !== null) return;
    worker = await start();
    void worker.ended.then(() => setTimeout(follow, RETRY_MS).unref());
  };
  const follow = () => {
    if (!isStopped) last = last.then(adaptAtLast);
  };
  const adaptAtLast = async (): Promise<void> => {
    for (;;) {
      try {
        return await adapt();
      } catch (error) {
        log().error({ err: error }, "the worker could not be started or stopped; it is tried again");
        if (isStopped) return;
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  };
  // One after the other: a worker that is still stopping is not started a second time.
  let last = Promise.resolve();
  await adapt();
  const forgo = serves.onChange(follow);
  return {
    isAlive: () => serves.refusedBecause() !== null || (worker?.isAlive() ?? false),
    stop: async () => {
      isStopped = true;
      forgo();
      await last;
      await adapt();
    },
  };
}
