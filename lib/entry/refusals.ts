import type { ErrorCode } from "@/lib/platform/errors";

/** How a refusal is told, by the way that it was asked. */
interface Refusal {
  /** To a program, by the public API or to a receiver's sender: the status. */
  readonly api: number;
  /** To a person, by a file that is asked for or sent: a page that a role may not see is a 404, and so is this. */
  readonly file: number;
  /** To a person who opens a page: to sign in and straight back, no such page, or the page of an error. */
  readonly page: "signIn" | "noSuchPage" | "error";
  /** When it may be asked again; said by every way. */
  readonly retryAfterSeconds?: number;
}

const both = (status: number, page: Refusal["page"] = "error"): Refusal => ({ api: status, file: status, page });
const again = (status: number, retryAfterSeconds: number): Refusal => ({ ...both(status), retryAfterSeconds });

/** Every refusal at every way in: the one table. An action tells the code itself, and its form does what it says. */
export const REFUSALS: Readonly<Record<ErrorCode, Refusal>> = {
  not_signed_in: both(401, "signIn"),
  key_missing: both(401),
  key_unknown: both(401),
  key_revoked: both(401),
  key_expired: both(401),
  key_superseded: both(401),
  account_token_required: { api: 401, file: 400, page: "error" },
  account_not_accessible: { api: 401, file: 404, page: "noSuchPage" },
  ip_not_allowed: both(403),
  plan_required: both(403),
  account_inactive: both(403),
  insufficient_scope: both(403),
  forbidden: { api: 403, file: 404, page: "noSuchPage" },
  untrusted_origin: both(403),
  fresh_sign_in_required: both(403, "signIn"),
  not_found: both(404, "noSuchPage"),
  walk_anew: both(410),
  bad_request: both(400),
  unknown_version: both(400),
  invalid_input: both(422),
  conflict: both(409),
  precondition_failed: both(412),
  already_done: both(409),
  limit_reached: both(422),
  too_many_requests: again(429, 60),
  unavailable: again(503, 5),
  outcome_unknown: again(503, 5),
};

/** The header that says when to ask again; none where asking again changes nothing. */
export function retryAfter(code: ErrorCode): Readonly<Record<string, string>> {
  const { retryAfterSeconds } = REFUSALS[code];
  return retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) };
}
