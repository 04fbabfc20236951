import type { Plan } from "@/generated/prisma/enums";
import { isWriteRefused } from "@/lib/platform/database/errors";
import { env } from "@/lib/platform/env";
import { writePool } from "@/lib/platform/database/pool";
import { networkOf } from "@/lib/platform/network";
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

/** How many requests the minute has had, and the milliseconds until it is over; null = none. */
type Counted = { readonly requests: number; readonly msBeforeNext: number } | null;

interface Counter {
  count(name: string): Promise<Counted>;
  peek(name: string): Promise<Counted>;
}

/** This process's own count goes by the clock that nobody sets. It knows no quota, which differs by key: it only counts. */
export class MemoryCounter implements Counter {
  readonly #minutes = new Map<string, { requests: number; readonly endsAtMs: number }>();
  #purgedAtMs = performance.now();

  get size(): number {
    return this.#minutes.size;
  }

  count(name: string): Promise<Counted> {
    this.#purge();
    const minute = this.#running(name) ?? { requests: 0, endsAtMs: performance.now() + WINDOW_SECONDS * 1000 };
    minute.requests += 1;
    this.#minutes.set(name, minute);
    return this.peek(name);
  }

  peek(name: string): Promise<Counted> {
    const minute = this.#running(name);
    if (minute === undefined) return Promise.resolve(null);
    const { requests, endsAtMs } = minute;
    return Promise.resolve({ requests, msBeforeNext: Math.ceil(endsAtMs - performance.now()) });
  }

  #running(name: string) {
    const minute = this.#minutes.get(name);
    return minute !== undefined && minute.endsAtMs > performance.now() ? minute : undefined;
  }

  /** Once a minute, so that it holds no more than the keys of the last two. */
  #purge(): void {
    const now = performance.now();
    if (now - this.#purgedAtMs < WINDOW_SECONDS * 1000) return;
    this.#purgedAtMs = now;
    for (const [name, { endsAtMs }] of this.#minutes) if (endsAtMs <= now) this.#minutes.delete(name);
  }
}

const memoryCounter = () => singleton("rate-counter", () => new MemoryCounter());

/** By the database's clock: of two processes whose clocks differ, one would forget what the other counted. */
const NOW_MS = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
/** A minute that ends later than it lasts is left from a clock that was set back. */
const IS_THIS_MINUTE = `held.expire > ${NOW_MS} AND held.expire <= ${NOW_MS} + ${WINDOW_SECONDS * 1000}`;
const COUNT = `
  INSERT INTO rate_limits AS held (key, points, expire) VALUES ($1, 1, ${NOW_MS} + ${WINDOW_SECONDS * 1000})
  ON CONFLICT (key) DO UPDATE SET
    points = CASE WHEN ${IS_THIS_MINUTE} THEN held.points + 1 ELSE 1 END,
    expire = CASE WHEN ${IS_THIS_MINUTE} THEN held.expire ELSE EXCLUDED.expire END
  RETURNING points AS "requests", (expire - ${NOW_MS})::int AS "msBeforeNext"`;
const PEEK = `
  SELECT points AS "requests", (expire - ${NOW_MS})::int AS "msBeforeNext"
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
  if (env().RATE_LIMIT_STORE === "memory") return use(memoryCounter());
  try {
    return await use(sharedCounter);
  } catch (error) {
    if (!isWriteRefused(error)) throw error;
    return use(memoryCounter());
  }
}

/** Minutes that are over. */
export async function purgeOldCounts(): Promise<void> {
  await writePool().query(FORGET);
}

function nameOf({ apiKeyId, accountId }: RateSubject): string {
  return `${apiKeyId}:${accountId}`;
}

const stateOf = (subject: RateSubject, counted: Counted): RateState => stateWithin(quotaOf(subject), counted);

function stateWithin(quota: number, counted: Counted): RateState {
  const used = counted?.requests ?? 0;
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

/** Counts one request of somebody who has no key, by the network that he asks from: of an IPv6 address all of its /48. */
export async function countOfNetwork(ip: string | null, quota: number): Promise<RateState> {
  const { network, site } = networkOf(ip);
  return stateWithin(quota, await withCounter((counter) => counter.count(`network ${site ?? network}`)));
}

/** What is left, without counting. */
export async function peekRate(subject: RateSubject): Promise<RateState> {
  return stateOf(subject, await withCounter((counter) => counter.peek(nameOf(subject))));
}
