import "server-only";

import { wrongFields } from "@/lib/platform/errors";
import { connectorExceptions } from "@/lib/platform/outside/connector-client";
import { isOurselves, readApiUrl } from "@/lib/platform/outside/reach-ourselves";
import { baseUrlOf } from "./host-access";
import type { Verdict } from "./policy";

/**
 * Where a host's API begins, as it is kept; null for this hub, however its address was written.
 * @param askedFor the token of the account that asks: hosts inside are excepted for one account, or for all
 * @throws DomainError invalid_input where nothing is sent to such an address
 */
export function readHostAddress(given: string | null, askedFor: string): string | null {
  if (given === null || isOurselves(given)) return null;
  const read = readApiUrl(given, connectorExceptions(askedFor));
  if (!read.ok) throw wrongFields({ baseUrl: [read.complaint] });
  if (read.url.search !== "") throw wrongFields({ baseUrl: ["Leave out what follows the question mark."] });
  return baseUrlOf(given);
}

/** What was tried, and what is to be done where nobody answers. */
interface Tried {
  readonly baseUrl: string | null;
  readonly unchecked: boolean;
}

/**
 * A credential that its host refuses is not saved, and what is wrong is said at its field; one whose host did not answer
 * is where somebody wants that. What it lacks besides does not keep it from being saved.
 * @throws DomainError invalid_input; `unchecked` is among its fields where it may be saved all the same
 */
export function requireAccepted(verdict: Verdict, { baseUrl, unchecked }: Tried): Verdict {
  const { status, reason } = verdict;
  const says = [reason ?? ""];
  if (status === "refused") throw wrongFields({ apiKey: says });
  if (status === "wrong_account") throw wrongFields({ accountToken: says });
  if (status === "unreachable" && !unchecked) {
    const couldNotAsk = "So it is not known whether the key works; it can be saved all the same.";
    throw wrongFields(
      baseUrl === null ? { unchecked: [`${says[0]} ${couldNotAsk}`] } : { baseUrl: says, unchecked: [couldNotAsk] },
    );
  }
  return verdict;
}
