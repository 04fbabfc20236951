import { AsyncLocalStorage } from "node:async_hooks";

import { singleton } from "./singleton";

/** How far a page's request has come through the framework. */
export interface RequestProgress {
  /** False while the framework still takes the body apart: what goes wrong until then is the body's fault. */
  reached: boolean;
  /** What the framework complained of before. Its message may quote the body. */
  complaint?: Error;
  /** The framework told of a failure that was the database's: it was away or too busy. */
  metOutage?: boolean;
}

const storage = () => singleton("passage", () => new AsyncLocalStorage<RequestProgress>());

export function withRequestProgress<T>(progress: RequestProgress, work: () => T): T {
  return storage().run(progress, work);
}

export function currentRequestProgress(): RequestProgress | undefined {
  return storage().getStore();
}

/** Said where our own code begins, which is where it asks who calls. */
export function markReached(): void {
  const progress = currentRequestProgress();
  if (progress) progress.reached = true;
}
