import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readTimestamp } from "./conditions";
import { readCursor, writeCursor } from "./cursor";

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

describe("cursors", () => {
  const condition = fc.record({
    field: fc.string(),
    operator: fc.constantFrom("eq", "like", "include", "gte", "null"),
    value: fc.string(),
  });
  const cursor = fc.record({
    resource: fc.constant("vehicles"),
    conditions: fc.array(condition, { maxLength: 4 }),
    flags: fc.array(fc.string(), { maxLength: 2 }),
    sort: fc.array(fc.record({ field: fc.string(), direction: fc.constantFrom("asc", "desc") }), {
      minLength: 1,
      maxLength: 3,
    }),
    after: fc.option(fc.array(fc.string(), { minLength: 1, maxLength: 3 })),
  });

  it("come back as they were written, and go into an address as they are", () => {
    fc.assert(
      fc.property(cursor, (written) => {
        const text = writeCursor(written);
        expect(text).toMatch(/^[\w.-]+$/);
        expect(readCursor(text, "vehicles", "start_cursor")).toEqual(written);
      }),
    );
  });

  it("are refused once any character was changed, and by another list", () => {
    fc.assert(
      fc.property(cursor, fc.nat(), (written, place) => {
        const text = writeCursor(written);
        const at = place % (text.length - 1);
        const changed = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
        expect(() => readCursor(changed, "vehicles", "start_cursor")).toThrow("start_cursor");
        expect(() => readCursor(text, "contacts", "start_cursor")).toThrow("start_cursor");
      }),
    );
  });
});
