import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readDay, readTimestamp } from "./written-times";

describe("readTimestamp", () => {
  it.each([
    ["2026-11-22", "2026-11-22T00:00:00.0Z"],
    ["2026-11-22T10:30", "2026-11-22T10:30:00.0Z"],
    ["2026-11-22T10:30:15Z", "2026-11-22T10:30:15.0Z"],
    ["2026-11-22 10:30:15", "2026-11-22T10:30:15.0Z"],
    ["2026-11-22T10:30:15.123456789+02:00", "2026-11-22T08:30:15.123456Z"],
    ["2026-11-22T10:30:15-0530", "2026-11-22T16:00:15.0Z"],
    ["2026-11-22T10:30:15 02:00", "2026-11-22T08:30:15.0Z"],
    ["2026-11-22T10:30:15+02", "2026-11-22T08:30:15.0Z"],
    ["2026-11-22 10:30:15 -0530", "2026-11-22T16:00:15.0Z"],
    ["2026-11-22 10:30:15 Z", "2026-11-22T10:30:15.0Z"],
    ["2028-02-29", "2028-02-29T00:00:00.0Z"],
    ["0001-01-01", "0001-01-01T00:00:00.0Z"],
  ])("%s is %s", (text, instant) => {
    expect(readTimestamp(text)).toBe(instant);
  });

  it.each([
    "",
    "now",
    "2026",
    "2026-13-01",
    "2026-02-29",
    "2026-11-22T24:00",
    "2026-11-22T10:60",
    "2026-11-22T10:00.5",
    "2026-11-22Tgarbage",
    "1763805600",
    "2026-11-22T10:30:15+99:00",
    "0000-01-01",
    "9999-12-31T23:00:00-05:00",
    "-infinity",
  ])("%j is no time", (text) => {
    expect(readTimestamp(text)).toBeNull();
  });

  it("reads back every instant that JavaScript writes", () => {
    const instants = fc.date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true });
    fc.assert(
      fc.property(
        instants,
        (instant) => new Date(readTimestamp(instant.toISOString()) ?? "").getTime() === instant.getTime(),
      ),
    );
  });
});

describe("readDay", () => {
  it.each([
    ["2026-11-22", "2026-11-22"],
    [" 2026-11-22T23:30:00-08:00 ", "2026-11-22"],
    ["2026-11-22T24:00", null],
    ["2026-11-22Tgarbage", null],
    ["2026-11-22 and so on", null],
    ["2026-02-30", null],
    ["0000-01-01", null],
  ])("%j has the day %j", (text, day) => expect(readDay(text)).toBe(day));
});
