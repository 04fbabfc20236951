/** *When* a thing may be done with an API key. Pure: time comes in as `now`, *who* stands in lib/auth/permissions.ts. */

export const KEY_STATUSES = ["active", "expiring", "revoked"] as const;
export type KeyStatus = (typeof KEY_STATUSES)[number];

export type RevokedReason = "by_hand" | "expired" | "reported_leaked" | "owner_left";

/** The facts that a status derives from; it is never stored. */
export interface KeyFacts {
  readonly revokedAt: Date | null;
  readonly revokedReason: RevokedReason | null;
  readonly expiresAt: Date;
  /** Days before the end from which the key counts as expiring soon. */
  readonly warnDays: number;
}

/** How long a key was made for: whole months, or days where a date was picked. */
export type KeyTerm = { readonly months: number } | { readonly days: number };

const DAY_MS = 86_400_000;
export const MAX_TERM_MONTHS = 12;

/**
 * The same wall-clock time in UTC so many months later; a day that the month lacks becomes its last one
 * (29 February 2028 + 12 months = 28 February 2029).
 */
export function addMonths(from: Date, months: number): Date {
  const day = from.getUTCDate();
  const result = new Date(from);
  result.setUTCDate(1);
  result.setUTCMonth(result.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(result.getUTCFullYear(), result.getUTCMonth() + 1, 0)).getUTCDate();
  result.setUTCDate(Math.min(day, lastDay));
  return result;
}

/** When a term that begins at `from` ends; never later than 12 months. */
export function endOfTerm(term: KeyTerm, from: Date): Date {
  if ("months" in term) return addMonths(from, term.months);
  const end = from.getTime() + term.days * DAY_MS;
  return new Date(Math.min(end, addMonths(from, MAX_TERM_MONTHS).getTime()));
}

/** Expiring soon = 90 days or less to go; 30 for a term under 6 months. */
export function warnDaysFor(from: Date, expiresAt: Date): number {
  return expiresAt < addMonths(from, 6) ? 30 : 90;
}

/** A key whose expiry has passed is revoked at that very instant, whether or not any job ran. */
export function statusOf(key: KeyFacts, now: Date): KeyStatus {
  if (key.revokedAt !== null || key.expiresAt <= now) return "revoked";
  return key.expiresAt.getTime() - now.getTime() <= key.warnDays * DAY_MS ? "expiring" : "active";
}

/** Why a revoked key is revoked, and since when; null while it is not. */
export function revocationOf(key: KeyFacts, now: Date): { reason: RevokedReason; at: Date } | null {
  if (key.revokedAt !== null) return { reason: key.revokedReason ?? "by_hand", at: key.revokedAt };
  return key.expiresAt <= now ? { reason: "expired", at: key.expiresAt } : null;
}

const ALIVE = ["active", "expiring"] as const;

/** What can be done with a key: on which statuses, by which permission, and which event it leaves. */
export const KEY_VERBS = {
  viewDetails: { on: KEY_STATUSES, permission: "apiKeys.read", event: null },
  renew: { on: ALIVE, permission: "apiKeys.manage", event: "apiKey.renewed" },
  edit: { on: ALIVE, permission: "apiKeys.manage", event: "apiKey.edited" },
  regenerate: { on: ALIVE, permission: "apiKeys.issue", event: "apiKey.regenerated" },
  revoke: { on: ALIVE, permission: "apiKeys.manage", event: "apiKey.revoked" },
} as const;

export type KeyVerb = keyof typeof KEY_VERBS;

export function allowsVerb(verb: KeyVerb, status: KeyStatus): boolean {
  return (KEY_VERBS[verb].on as readonly KeyStatus[]).includes(status);
}

/** The verbs a row offers: those its status allows and the viewer may do. A key beyond his reach has no row (`keysOf`). */
export function verbsFor(
  status: KeyStatus,
  may: (permission: (typeof KEY_VERBS)[KeyVerb]["permission"]) => boolean,
): KeyVerb[] {
  return (Object.keys(KEY_VERBS) as KeyVerb[]).filter(
    (verb) => allowsVerb(verb, status) && may(KEY_VERBS[verb].permission),
  );
}

/** How long the old token goes on after a regeneration, in hours. */
export const OVERLAP_HOURS = { none: 0, one_hour: 1, one_day: 24, seven_days: 168 } as const;
export type Overlap = keyof typeof OVERLAP_HOURS;

/** The instant from which the old token is refused: never past the key's own expiry. */
export function retirementOfOldToken(overlap: Overlap, expiresAt: Date, now: Date): Date {
  return new Date(Math.min(now.getTime() + OVERLAP_HOURS[overlap] * 3_600_000, expiresAt.getTime()));
}

/** A token pasted into a search is cut to its prefix: tokens never stand in an address. */
export function withoutTokens(text: string): string {
  return text.trim().replace(/fah_[0-9A-Za-z]{7,}/g, (token) => token.slice(0, 10));
}
