import { DomainError } from "@/lib/platform/errors";
import type { ApiRequest } from "../api-request";
import { countOfNetwork, countRequest, peekRate, type RateState, type RateSubject } from "../rate-limiter";
import type { Entitled } from "./plan-and-state";

declare const withinRate: unique symbol;

export interface WithinRate extends Entitled {
  readonly [withinRate]: true;
}

/** The IETF draft's structured fields (draft-ietf-httpapi-ratelimit-headers). */
function setRateHeaders(request: ApiRequest, { quota, remaining, resetSeconds }: RateState): void {
  request.answerHeaders["RateLimit-Policy"] = `"minute";q=${quota};w=60`;
  request.answerHeaders.RateLimit = `"minute";r=${remaining};t=${resetSeconds}`;
}

/** Counts the request for its key in its account; one too many is refused until the minute begins anew. */
export async function checkRateLimit(entitled: Entitled): Promise<WithinRate> {
  const { request, key, account } = entitled;
  const subject = {
    apiKeyId: key.apiKeyId,
    accountId: account.id,
    plan: account.plan,
    ownQuota: key.rateLimitPerMinute,
  };
  const state = await countRequest(subject);
  setRateHeaders(request, state);
  refuseExceeded(request, state, "with this key for this account");
  return entitled as WithinRate;
}

/** @throws DomainError too_many_requests */
function refuseExceeded(request: ApiRequest, { quota, isExceeded, resetSeconds }: RateState, whose: string): void {
  if (!isExceeded) return;
  const seconds = Math.max(1, resetSeconds);
  request.answerHeaders["Retry-After"] = String(seconds);
  throw new DomainError(
    "too_many_requests",
    `More than ${quota} requests in a minute ${whose}. Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`,
  );
}

/** Of somebody without a key, and so without a quota, who sends what has to be looked up. */
const OF_A_NETWORK = 60;

/** Counts the request for the network that it comes from. @throws DomainError too_many_requests */
export async function checkNetworkRate(request: ApiRequest): Promise<void> {
  refuseExceeded(request, await countOfNetwork(request.ip, OF_A_NETWORK), "from this network");
}

/** A request that was counted when it came, and has waited since. */
export function countedBefore(entitled: Entitled): WithinRate {
  return entitled as WithinRate;
}

/** Refusals between authentication and the counting tell the quota too, and cost none of it. */
export async function setRateHeadersUncounted(request: ApiRequest, subject: RateSubject): Promise<void> {
  if (request.answerHeaders.RateLimit === undefined) setRateHeaders(request, await peekRate(subject));
}
