import { DomainError, unavailable } from "@/lib/platform/errors";
import type { RequestOrigin } from "./actor";

/** How far the changes have come that one request asks for. */
interface Deeds {
  /** Sent to be committed, and not known to be or not to be. */
  pending: number;
  done: number;
  /** The request was answered: nothing more is committed for it. */
  isForgone: boolean;
}

/** By the origin that every permit of the request carries. */
const known = new WeakMap<RequestOrigin, Deeds>();

function deedsOf(origin: RequestOrigin): Deeds {
  const deeds = known.get(origin) ?? { pending: 0, done: 0, isForgone: false };
  known.set(origin, deeds);
  return deeds;
}

/**
 * Follows one transaction; it says when it is about to be committed. For `mutate`.
 * @throws DomainError unavailable where the request was answered meanwhile
 */
export async function followDeed<T>(
  origin: RequestOrigin,
  perform: (aboutToCommit: () => void) => Promise<T>,
): Promise<T> {
  const deeds = deedsOf(origin);
  let sent = 0;
  try {
    const result = await perform(() => {
      if (deeds.isForgone) throw unavailable();
      sent = 1;
      deeds.pending += 1;
    });
    deeds.done += 1;
    deeds.pending -= sent;
    return result;
  } catch (error) {
    if (!(error instanceof DomainError && error.code === "outcome_unknown")) deeds.pending -= sent;
    throw error;
  }
}

/** Whether anything that the request asked for was changed, as far as that is known: only a no is sure. */
export function mayHaveChanged(origin: RequestOrigin): boolean {
  const { pending, done } = deedsOf(origin);
  return pending + done > 0;
}

/** For whoever answers before the work is done: a yes says that nothing was changed, and that nothing will be. */
export function forgoDeeds(origin: RequestOrigin): boolean {
  deedsOf(origin).isForgone = true;
  return !mayHaveChanged(origin);
}
