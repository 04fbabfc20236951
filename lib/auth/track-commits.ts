import { DomainError, unavailable } from "@/lib/platform/errors";
import type { RequestOrigin } from "./actor";

/** How far the changes have come that one request asks for. */
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

/** Whether anything that the request asked for was changed, as far as that is known: only a no is sure. */
export function mayHaveChanged(origin: RequestOrigin): boolean {
  const { pending, done } = changesOf(origin);
  return pending + done > 0;
}

/** For whoever answers before the work is done: a yes says that nothing was changed, and that nothing will be. */
export function abandonChanges(origin: RequestOrigin): boolean {
  changesOf(origin).isAbandoned = true;
  return !mayHaveChanged(origin);
}
