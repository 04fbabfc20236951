import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { PERMISSIONS, ROLES, type Role } from "@/lib/auth/permissions";
import {
  addMonths,
  allowsVerb,
  endOfTerm,
  KEY_STATUSES,
  KEY_VERBS,
  OVERLAP_HOURS,
  retirementOfOldToken,
  revocationOf,
  statusOf,
  verbsFor,
  warnDaysFor,
  type KeyFacts,
  type KeyVerb,
  type Overlap,
} from "./policy";

const DAY_MS = 86_400_000;
const at = (text: string) => new Date(text);
const later = (from: Date, ms: number) => new Date(from.getTime() + ms);
const now = at("2026-11-22T10:00:00.000Z");
const alive: KeyFacts = { revokedAt: null, revokedReason: null, expiresAt: at("2027-11-22T10:00:00Z"), warnDays: 90 };

describe("addMonths", () => {
  it.each([
    ["2028-02-29T23:59:59.999Z", 12, "2029-02-28T23:59:59.999Z"],
    ["2027-02-28T00:00:00.000Z", 12, "2028-02-28T00:00:00.000Z"],
    ["2026-08-31T12:34:56.789Z", 6, "2027-02-28T12:34:56.789Z"],
    ["2027-08-31T12:34:56.789Z", 6, "2028-02-29T12:34:56.789Z"],
    ["2026-11-30T02:30:00.000Z", 3, "2027-02-28T02:30:00.000Z"],
    ["2026-12-31T00:00:00.000Z", 12, "2027-12-31T00:00:00.000Z"],
    ["2026-03-28T01:30:00.000Z", 12, "2027-03-28T01:30:00.000Z"],
  ])("%s + %i months = %s", (from, months, expected) => {
    expect(addMonths(at(from), months).toISOString()).toBe(expected);
  });

  it("keeps the wall-clock time in UTC and never leaves the month it leads to", () => {
    const dates = fc.date({ min: at("2000-01-01T00:00:00Z"), max: at("2100-01-01T00:00:00Z"), noInvalidDate: true });
    fc.assert(
      fc.property(dates, fc.integer({ min: 0, max: 24 }), (from, months) => {
        const to = addMonths(from, months);
        expect(to.toISOString().slice(11)).toBe(from.toISOString().slice(11));
        const monthsApart = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
        expect(monthsApart).toBe(months);
        expect(to.getUTCDate()).toBeLessThanOrEqual(from.getUTCDate());
      }),
    );
  });
});

describe("endOfTerm", () => {
  it("counts days of 24 hours, and never more than 12 months", () => {
    expect(endOfTerm({ days: 45 }, now)).toEqual(later(now, 45 * DAY_MS));
    expect(endOfTerm({ days: 367 }, now)).toEqual(addMonths(now, 12));
    expect(endOfTerm({ months: 3 }, now).toISOString()).toBe("2027-02-22T10:00:00.000Z");
  });
});

describe("warnDaysFor", () => {
  it("is 30 for a term under 6 months, else 90", () => {
    const half = addMonths(now, 6);
    expect(warnDaysFor(now, later(half, -1))).toBe(30);
    expect(warnDaysFor(now, half)).toBe(90);
    expect(warnDaysFor(now, addMonths(now, 3))).toBe(30);
    expect(warnDaysFor(now, addMonths(now, 12))).toBe(90);
  });
});

describe("statusOf", () => {
  it.each([
    ["expires this very millisecond", 0, "revoked"],
    ["has a millisecond to go", 1, "expiring"],
    ["has exactly 90 days to go", 90 * DAY_MS, "expiring"],
    ["has a millisecond more than 90 days to go", 90 * DAY_MS + 1, "active"],
    ["expired a millisecond ago", -1, "revoked"],
  ])("a key that %s", (_, msToGo, status) => {
    expect(statusOf({ ...alive, expiresAt: later(now, msToGo) }, now)).toBe(status);
  });

  it("warns a short key 30 days before its end", () => {
    expect(statusOf({ ...alive, warnDays: 30, expiresAt: later(now, 30 * DAY_MS) }, now)).toBe("expiring");
    expect(statusOf({ ...alive, warnDays: 30, expiresAt: later(now, 30 * DAY_MS + 1) }, now)).toBe("active");
  });

  it("is revoked as soon as it was revoked, however long it had to go", () => {
    expect(statusOf({ ...alive, revokedAt: now, revokedReason: "by_hand" }, now)).toBe("revoked");
  });
});

describe("revocationOf", () => {
  it("is null exactly while the status is not revoked", () => {
    const instant = fc.integer({ min: -400, max: 400 }).map((days) => later(now, days * DAY_MS));
    fc.assert(
      fc.property(fc.option(instant), instant, fc.constantFrom(30, 90), (revokedAt, expiresAt, warnDays) => {
        const key = { revokedAt, revokedReason: revokedAt && ("owner_left" as const), expiresAt, warnDays };
        expect(revocationOf(key, now) === null).toBe(statusOf(key, now) !== "revoked");
      }),
    );
  });

  it("says why, and since when", () => {
    const revoked = { ...alive, revokedAt: at("2026-11-01T00:00:00Z"), revokedReason: "reported_leaked" as const };
    expect(revocationOf(revoked, now)).toEqual({ reason: "reported_leaked", at: revoked.revokedAt });
    expect(revocationOf({ ...alive, expiresAt: now }, now)).toEqual({ reason: "expired", at: now });
    // Revoked first, and past its end by now: what was done counts.
    expect(revocationOf({ ...revoked, expiresAt: at("2026-11-02T00:00:00Z") }, now)?.reason).toBe("reported_leaked");
  });
});

/** A revoked key offers its details alone. */
const ALLOWED: Readonly<Record<KeyVerb, readonly string[]>> = {
  viewDetails: ["active", "expiring", "revoked"],
  renew: ["active", "expiring"],
  edit: ["active", "expiring"],
  regenerate: ["active", "expiring"],
  revoke: ["active", "expiring"],
};

describe("verbs", () => {
  const verbs = Object.keys(KEY_VERBS) as KeyVerb[];
  const matrix = verbs.flatMap((verb) => KEY_STATUSES.map((status) => ({ verb, status })));

  it.each(matrix)("$verb on $status", ({ verb, status }) => {
    expect(allowsVerb(verb, status)).toBe(ALLOWED[verb].includes(status));
  });

  const views = ROLES.flatMap((role) => KEY_STATUSES.map((status) => ({ role, status })));

  it.each(views)("$role sees a key that is $status", ({ role, status }) => {
    const may = (permission: keyof typeof PERMISSIONS) =>
      (PERMISSIONS[permission].roles as readonly Role[]).includes(role);
    const manages = role !== "member" && status !== "revoked";
    const offered = verbsFor(status, may);
    expect(offered).toEqual(manages ? verbs : ["viewDetails"]);
  });

  it("leaves one event of its own per changing verb", () => {
    const events = verbs.map((verb) => KEY_VERBS[verb].event).filter((event) => event !== null);
    expect(new Set(events).size).toBe(verbs.length - 1);
    for (const event of events) expect(event).toMatch(/^apiKey\.[a-z]+ed$/i);
  });
});

describe("retirementOfOldToken", () => {
  it("never outlives the key", () => {
    const overlaps = fc.constantFrom(...(Object.keys(OVERLAP_HOURS) as Overlap[]));
    fc.assert(
      fc.property(overlaps, fc.integer({ min: 1, max: 400 * DAY_MS }), (overlap, msToGo) => {
        const expiresAt = later(now, msToGo);
        const retiresAt = retirementOfOldToken(overlap, expiresAt, now);
        expect(retiresAt.getTime()).toBe(
          Math.min(now.getTime() + OVERLAP_HOURS[overlap] * 3_600_000, expiresAt.getTime()),
        );
      }),
    );
  });

  it("stops at once without an overlap", () => {
    expect(retirementOfOldToken("none", alive.expiresAt, now)).toEqual(now);
    expect(retirementOfOldToken("seven_days", alive.expiresAt, now)).toEqual(later(now, 7 * DAY_MS));
  });
});
