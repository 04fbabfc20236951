import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readCursor, writeCursor } from "./cursor";

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
