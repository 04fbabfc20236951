import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";

import type { Plan } from "@/generated/prisma/enums";
import { isWriteRefused } from "@/lib/platform/database-errors";
import { env } from "@/lib/platform/env";
import { writePool } from "@/lib/platform/pool";
import { singleton } from "@/lib/platform/singleton";

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

/** The consumed points and the milliseconds until they are forgotten; null = nothing was counted. */
type Counted = Pick<RateLimiterRes, "consumedPoints" | "msBeforeNext"> | null;

interface Counter {
  count(name: string): Promise<Counted>;
  peek(name: string): Promise<Counted>;
}

/** The limiter itself knows no quota (it differs by key): it only counts. */
function ownCounter(): Counter {
  const options = { points: Number.MAX_SAFE_INTEGER, duration: WINDOW_SECONDS, keyPrefix: "api" };
  const limiter = singleton("rate-limiter", () => new RateLimiterMemory(options));
  return { count: (name) => limiter.consume(name), peek: (name) => limiter.get(name) };
}

/** By the database's clock: the library's own statement goes by each process's, and of two that differ one forgets what the other counted. */
const NOW_MS = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
/** A minute that ends later than it lasts is left from a clock that was set back. */
const IS_THIS_MINUTE = `held.expire > ${NOW_MS} AND held.expire <= ${NOW_MS} + ${WINDOW_SECONDS * 1000}`;
const COUNT = `
  INSERT INTO rate_limits AS held (key, points, expire) VALUES ($1, 1, ${NOW_MS} + ${WINDOW_SECONDS * 1000})
  ON CONFLICT (key) DO UPDATE SET
    points = CASE WHEN ${IS_THIS_MINUTE} THEN held.points + 1 ELSE 1 END,
    expire = CASE WHEN ${IS_THIS_MINUTE} THEN held.expire ELSE EXCLUDED.expire END
  RETURNING points AS "consumedPoints", (expire - ${NOW_MS})::int AS "msBeforeNext"`;
const PEEK = `
  SELECT points AS "consumedPoints", (expire - ${NOW_MS})::int AS "msBeforeNext"
  FROM rate_limits AS held WHERE key = $1 AND ${IS_THIS_MINUTE}`;
const FORGET = `DELETE FROM rate_limits AS held WHERE NOT (${IS_THIS_MINUTE})`;

async function ask(name: string, text: string, key: string): Promise<Counted> {
  const { rows } = await writePool().query<NonNullable<Counted>>({ name, text, values: [key] });
  return rows[0] ?? null;
}

/** One count for all instances. */
const sharedCounter: Counter = {
  count: (name) => ask("rate-count", COUNT, name),
  peek: (name) => ask("rate-peek", PEEK, name),
};

/**
 * Counts in this process, or, with several instances, in the database that they share. While that takes no change (a
 * full disk) each counts for itself: who only reads must not be refused for it.
 */
async function withCounter(use: (counter: Counter) => Promise<Counted>): Promise<Counted> {
  if (env().RATE_LIMIT_STORE === "memory") return use(ownCounter());
  try {
    return await use(sharedCounter);
  } catch (error) {
    if (!isWriteRefused(error)) throw error;
    return use(ownCounter());
  }
}

/** Minutes that are over. */
export async function purgeOldCounts(): Promise<void> {
  await writePool().query(FORGET);
}

function nameOf({ apiKeyId, accountId }: RateSubject): string {
  return `${apiKeyId}:${accountId}`;
}

function stateOf(subject: RateSubject, counted: Counted): RateState {
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
  return stateOf(subject, await withCounter((counter) => counter.count(nameOf(subject))));
}

/** What is left, without counting. */
export async function peekRate(subject: RateSubject): Promise<RateState> {
  return stateOf(subject, await withCounter((counter) => counter.peek(nameOf(subject))));
}
