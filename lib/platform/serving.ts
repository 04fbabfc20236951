import { singleton } from "./singleton";

/** What may keep a process from serving although it runs and its database answers. */
export type Obstacle = "databaseIdentity" | "schemaContract";

type Listener = (because: string | null) => void;

/** Whether this process serves: whoever finds that it must not says so in a sentence, and takes it back. */
export interface Serving {
  /** The sentence that pages, API and `/readyz` answer instead of serving; null while it serves. */
  refusedBecause(): string | null;
  /** Serves nothing but that sentence while `sentence` is given; null takes it back. */
  refuse(obstacle: Obstacle, sentence: string | null): void;
  /** Calls back whenever the sentence becomes another one; the returned function takes the wish back. */
  onChange(listener: Listener): () => void;
}

export function makeServing(): Serving {
  const sentences = new Map<Obstacle, string>();
  const listeners = new Set<Listener>();
  const refusedBecause = () => [...sentences.values()][0] ?? null;
  return {
    refusedBecause,
    refuse(obstacle, sentence) {
      const before = refusedBecause();
      if (sentence === null) sentences.delete(obstacle);
      else sentences.set(obstacle, sentence);
      const now = refusedBecause();
      if (now !== before) for (const listener of [...listeners]) listener(now);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The one of this process. */
export function serving(): Serving {
  return singleton("serving", makeServing);
}
