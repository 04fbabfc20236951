import { DomainError, unavailable } from "@/lib/platform/errors";
import type { RequestOrigin } from "./actor";

/** The progress of all changes that one request makes. */
interface RequestChanges {
  /** Sent to be committed, and not known to be or not to be. */
  pending: number;
  done: number;
  /** The request was answered: nothing more is committed for it. */
  isAbandoned: boolean;
}

/** By the origin that every permit of the request carries. */
const known = new WeakMap<RequestOrigin, RequestChanges>();

function changesOf(origin: RequestOrigin): RequestChanges {
  const changes = known.get(origin) ?? { pending: 0, done: 0, isAbandoned: false };
  known.set(origin, changes);
  return changes;
}

/**
 * Follows one transaction; it says when it is about to be committed. For `mutate`.
 * @throws DomainError unavailable where the request was answered meanwhile
 */
export async function trackCommit<T>(
  origin: RequestOrigin,
  perform: (aboutToCommit: () => void) => Promise<T>,
): Promise<T> {
  const changes = changesOf(origin);
  let sent = 0;
  try {
    const result = await perform(() => {
      if (changes.isAbandoned) throw unavailable();
      sent = 1;
      changes.pending += 1;
    });
    changes.done += 1;
    changes.pending -= sent;
    return result;
  } catch (error) {
    if (!(error instanceof DomainError && error.code === "outcome_unknown")) changes.pending -= sent;
    throw error;
  }
}

/**
 * Whether the request may have changed something. False is certain; true means that a change was committed or that its
 * outcome is unknown.
 */
export function mayHaveChanged(origin: RequestOrigin): boolean {
  const { pending, done } = changesOf(origin);
  return pending + done > 0;
}

/**
 * Called by whoever answers before the work is done. True means that nothing was changed, and that nothing will be:
 * later commits of this request are refused.
 */
export function abandonChanges(origin: RequestOrigin): boolean {
  changesOf(origin).isAbandoned = true;
  return !mayHaveChanged(origin);
}
