import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { DomainError } from "@/lib/platform/errors";
import { addDays, dateIn } from "./end-of-day";
import { fixExpiry, pickableDates } from "./expiry-choice";
import { addMonths, endOfTerm } from "./policy";

const now = new Date("2026-11-22T10:00:00.000Z");

function refusalOf(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error("it was not refused");
}

describe("pickableDates", () => {
  it.each([
    ["2026-11-22T10:00:00Z", "Europe/Berlin", "2026-11-23", "2027-11-22"],
    ["2026-11-22T23:30:00Z", "Europe/Berlin", "2026-11-24", "2027-11-23"],
    ["2026-11-22T10:00:00Z", "Pacific/Pago_Pago", "2026-11-22", "2027-11-21"],
    // Ten minutes into a day of 25 hours: a day later by the clock is still today.
    ["2027-10-30T22:10:00Z", "Europe/Berlin", "2027-11-01", "2028-10-31"],
    ["2028-02-29T12:00:00Z", "UTC", "2028-03-01", "2029-02-28"],
  ])("at %s in %s from %s to %s", (instant, timeZone, first, last) => {
    expect(pickableDates(new Date(instant), timeZone)).toEqual({ first, last });
  });

  it("begins tomorrow, in every zone and at every hour", () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
    const instants = fc.integer({ min: 0, max: 24 * 800 }).map((hours) => new Date(now.getTime() + hours * 3_600_000));
    fc.assert(
      fc.property(zones, instants, (timeZone, instant) => {
        expect(pickableDates(instant, timeZone).first).toBe(addDays(dateIn(instant, timeZone), 1));
      }),
    );
  });
});

describe("fixExpiry", () => {
  it.each([3, 6, 12] as const)("%i months from now, to the millisecond", (months) => {
    expect(fixExpiry({ kind: "months", months }, now)).toEqual({
      expiresAt: addMonths(now, months),
      termMonths: months,
      termDays: null,
    });
  });

  it("a date ends with that day in the viewer's zone", () => {
    const fixed = fixExpiry({ kind: "date", date: "2026-12-24", timeZone: "Europe/Berlin" }, now);
    expect(fixed).toEqual({ expiresAt: new Date("2026-12-24T22:59:59.999Z"), termMonths: null, termDays: 33 });
  });

  it("takes the first and the last day, and refuses the ones beside them", () => {
    const timeZone = "America/Los_Angeles";
    const { first, last } = pickableDates(now, timeZone);
    expect(fixExpiry({ kind: "date", date: first, timeZone }, now).termDays).toBe(2);
    expect(fixExpiry({ kind: "date", date: last, timeZone }, now).expiresAt.toISOString()).toBe(
      "2027-11-23T07:59:59.999Z",
    );
    for (const date of [addDays(first, -1), addDays(last, 1), "1999-01-01"]) {
      const refusal = refusalOf(() => fixExpiry({ kind: "date", date, timeZone }, now));
      expect(refusal.code).toBe("invalid_input");
      expect(refusal.fields.expiry).toEqual([`Choose a date from ${first} to ${last}.`]);
    }
  });

  it("refuses a zone that the runtime does not know", () => {
    const refusal = refusalOf(() => fixExpiry({ kind: "date", date: "2026-12-24", timeZone: "Nowhere/Land" }, now));
    expect([refusal.code, Object.keys(refusal.fields)]).toEqual(["invalid_input", ["expiry"]]);
  });

  it("gives a term whose renewal lasts as long, never more than 12 months", () => {
    const { termDays } = fixExpiry(
      { kind: "date", date: "2027-11-22", timeZone: "Pacific/Pago_Pago" },
      new Date("2026-11-22T12:00:00Z"),
    );
    expect(endOfTerm({ days: termDays ?? 0 }, now)).toEqual(addMonths(now, 12));
  });
});
