import { AsyncLocalStorage } from "node:async_hooks";

import { processWide } from "./process-wide";

/** How far a page's request has come through the framework. */
export interface Passage {
  /** False while the framework still takes the body apart: what goes wrong until then is the body's fault. */
  reached: boolean;
  /** What the framework complained of before. Its message may quote the body. */
  complaint?: Error;
  /** The framework told of a failure that was the database's: it was away or too busy. */
  metOutage?: boolean;
}

const storage = () => processWide("passage", () => new AsyncLocalStorage<Passage>());

export function followPassage<T>(passage: Passage, work: () => T): T {
  return storage().run(passage, work);
}

export function currentPassage(): Passage | undefined {
  return storage().getStore();
}

/** Said where our own code begins, which is where it asks who calls. */
export function noteReached(): void {
  const passage = currentPassage();
  if (passage) passage.reached = true;
}
