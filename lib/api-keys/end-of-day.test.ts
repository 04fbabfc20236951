import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { addDays, dateIn, endOfDay, isTimeZone } from "./end-of-day";

const HOUR_MS = 3_600_000;

describe("endOfDay", () => {
  it.each([
    ["2027-03-28", "Europe/Berlin", "2027-03-28T21:59:59.999Z", "a day of 23 hours"],
    ["2027-10-31", "Europe/Berlin", "2027-10-31T22:59:59.999Z", "a day of 25 hours"],
    ["2027-03-27", "Europe/Berlin", "2027-03-27T22:59:59.999Z", "the day before"],
    ["2027-03-14", "America/New_York", "2027-03-15T03:59:59.999Z", "a day of 23 hours"],
    ["2027-06-15", "Pacific/Tongatapu", "2027-06-15T10:59:59.999Z", "+13"],
    ["2027-06-15", "Pacific/Pago_Pago", "2027-06-16T10:59:59.999Z", "-11"],
    ["2027-06-15", "Pacific/Kiritimati", "2027-06-15T09:59:59.999Z", "+14"],
    ["2027-06-15", "Asia/Kathmandu", "2027-06-15T18:14:59.999Z", "+5:45"],
    ["2027-06-15", "UTC", "2027-06-15T23:59:59.999Z", "no offset"],
    ["2027-04-03", "America/Santiago", "2027-04-04T03:59:59.999Z", "23:59 comes twice: the later one"],
    ["2027-10-28", "Africa/Cairo", "2027-10-28T21:59:59.999Z", "23:59 comes twice: the later one"],
    ["2027-03-27", "America/Nuuk", "2027-03-28T00:59:59.999Z", "23:59 never comes: clocks go from 23:00 to midnight"],
    ["2028-02-29", "Australia/Lord_Howe", "2028-02-29T12:59:59.999Z", "a leap day"],
  ])("%s in %s is over after %s (%s)", (date, timeZone, expected) => {
    expect(endOfDay(date, timeZone).toISOString()).toBe(expected);
  });

  it("is the last moment at which the zone's clocks show the date", () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
    const days = fc.integer({ min: 0, max: 1500 }).map((count) => addDays("2026-11-22", count));
    fc.assert(
      fc.property(zones, days, (timeZone, date) => {
        const end = endOfDay(date, timeZone);
        expect(dateIn(end, timeZone)).toBe(date);
        for (const ms of [1, HOUR_MS / 2, HOUR_MS, 2 * HOUR_MS]) {
          expect(dateIn(new Date(end.getTime() + ms), timeZone)).toBe(addDays(date, 1));
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("dateIn", () => {
  it("is what the zone's calendar shows", () => {
    const instant = new Date("2027-01-01T00:30:00Z");
    expect(dateIn(instant, "America/Los_Angeles")).toBe("2026-12-31");
    expect(dateIn(instant, "Pacific/Auckland")).toBe("2027-01-01");
    expect(dateIn(new Date("2026-12-31T10:30:00Z"), "Pacific/Kiritimati")).toBe("2027-01-01");
  });
});

describe("addDays", () => {
  it("steps over the ends of months and years", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2027-02-28", 1)).toBe("2027-03-01");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  });
});

describe("isTimeZone", () => {
  it("knows the runtime's zones and nothing else", () => {
    expect(isTimeZone("Europe/Berlin")).toBe(true);
    expect(isTimeZone("UTC")).toBe(true);
    expect(isTimeZone("Middle-earth/Bree")).toBe(false);
    expect(isTimeZone("")).toBe(false);
  });
});
