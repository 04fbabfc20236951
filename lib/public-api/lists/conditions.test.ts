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
    accountId: fc.constant(7),
    resource: fc.constant("vehicles"),
    conditions: fc.array(condition, { maxLength: 4 }),
    flags: fc.array(fc.string(), { maxLength: 2 }),
    sort: fc.array(fc.record({ field: fc.string(), direction: fc.constantFrom("asc", "desc") }), {
      minLength: 1,
      maxLength: 3,
    }),
    after: fc.option(fc.array(fc.string(), { minLength: 1, maxLength: 3 })),
  });

  const at = (resource: string, accountId = 7) => ({ accountId, resource, parameter: "start_cursor" });

  it("come back as they were written, and go into an address as they are", () => {
    fc.assert(
      fc.property(cursor, (written) => {
        const text = writeCursor(written);
        expect(text).toMatch(/^[\w.-]+$/);
        expect(readCursor(text, at("vehicles"))).toEqual(written);
      }),
    );
  });

  it("are refused once any character was changed, by another list, and by the same list of another account", () => {
    fc.assert(
      fc.property(cursor, fc.nat(), (written, place) => {
        const text = writeCursor(written);
        const index = place % (text.length - 1);
        const changed = text.slice(0, index) + (text[index] === "A" ? "B" : "A") + text.slice(index + 1);
        expect(() => readCursor(changed, at("vehicles"))).toThrow("start_cursor");
        expect(() => readCursor(text, at("contacts"))).toThrow("start_cursor");
        expect(() => readCursor(text, at("vehicles", 8))).toThrow("start_cursor");
      }),
    );
  });
});
