import {
  RateLimiterMemory,
  RateLimiterPostgres,
  type RateLimiterRes,
  type RateLimiterAbstract,
} from "rate-limiter-flexible";

import type { Plan } from "@/generated/prisma/enums";
import { env } from "@/lib/platform/env";
import { writePool } from "@/lib/platform/pool";
import { processWide } from "@/lib/platform/process-wide";

const WINDOW_SECONDS = 60;

/** What a key has left of its minute in an account. */
export interface RateState {
  readonly quota: number;
  readonly remaining: number;
  /** Whole seconds until the minute begins anew. */
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

export interface RateSubject {
  readonly apiKeyId: number;
  readonly accountId: number;
  readonly plan: Plan;
  /** Set by the operator for this key alone; null = the plan's. */
  readonly ownQuota: number | null;
}

/** Requests a minute. A starter plan has no API access: what its key is told is the least there is. */
export function quotaOf({ plan, ownQuota }: Pick<RateSubject, "plan" | "ownQuota">): number {
  const { RATE_LIMIT_PROFESSIONAL, RATE_LIMIT_PREMIUM } = env();
  return ownQuota ?? (plan === "premium" ? RATE_LIMIT_PREMIUM : RATE_LIMIT_PROFESSIONAL);
}

/**
 * Counts in this process, or, with several instances, in the database that they share. The limiter itself knows no
 * quota (it differs by key): it only counts.
 */
function limiter(): RateLimiterAbstract {
  return processWide("rate-limiter", () => {
    const options = { points: Number.MAX_SAFE_INTEGER, duration: WINDOW_SECONDS, keyPrefix: "api" };
    if (env().RATE_LIMIT_STORE === "memory") return new RateLimiterMemory(options);
    // Left to itself it goes by the name of the pool's class, and ours is called otherwise than pg's.
    const storeType = "pool";
    const store = { storeClient: writePool(), storeType, tableName: "rate_limits", tableCreated: true };
    return new RateLimiterPostgres({ ...options, ...store });
  });
}

function nameOf({ apiKeyId, accountId }: RateSubject): string {
  return `${apiKeyId}:${accountId}`;
}

function stateOf(subject: RateSubject, counted: RateLimiterRes | null): RateState {
  const quota = quotaOf(subject);
  const used = counted?.consumedPoints ?? 0;
  const resetMs = counted === null ? WINDOW_SECONDS * 1000 : Math.max(0, counted.msBeforeNext);
  return {
    quota,
    remaining: Math.max(0, quota - used),
    resetSeconds: Math.ceil(resetMs / 1000),
    isExceeded: used > quota,
  };
}

/** Counts one request. */
export async function countRequest(subject: RateSubject): Promise<RateState> {
  return stateOf(subject, await limiter().consume(nameOf(subject)));
}

/** What is left, without counting. */
export async function peekRate(subject: RateSubject): Promise<RateState> {
  return stateOf(subject, await limiter().get(nameOf(subject)));
}
