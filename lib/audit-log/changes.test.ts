import { describe, expect, it } from "vitest";

import { changesOf, factsOf } from "./changes";

describe("changes", () => {
  it("are the facts that differ, as they were and as they are", () => {
    const record = { name: "A", city: "Graz", at: new Date(1000), fields: { b: 1, a: [true] }, other: 1 };
    expect(changesOf(record, { name: "B", city: null, at: new Date(1000), fields: { a: [true], b: 1 } })).toEqual({
      before: { name: "A", city: "Graz" },
      after: { name: "B", city: null },
    });
    expect(changesOf(record, { at: new Date(0) })).toEqual({
      before: { at: "1970-01-01T00:00:01.000Z" },
      after: { at: "1970-01-01T00:00:00.000Z" },
    });
  });

  it("are none when nothing differs, or nothing was said", () => {
    expect(changesOf({ name: "A", note: undefined }, { name: "A", note: null, city: undefined })).toBeNull();
  });

  it("of a new record are what it has", () => {
    expect(factsOf({ name: "A", city: null, note: "", at: new Date(0), count: 0 })).toEqual({
      name: "A",
      at: "1970-01-01T00:00:00.000Z",
      count: 0,
    });
  });
});
