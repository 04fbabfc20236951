import { describe, expect, it } from "vitest";

import { fieldMerger } from "./output-fields";

describe("fieldMerger", () => {
  it("makes one record of its parts, in their order", () => {
    const merge = fieldMerger();
    const record = merge({ id: 1, labels: ["a"] }, { name: "Van", archived: null }, { none: 0 });
    expect(JSON.stringify(record)).toBe('{"id":1,"labels":["a"],"name":"Van","archived":null,"none":0}');
  });

  it("leaves nothing of one record in the next, nor in its parts", () => {
    const merge = fieldMerger();
    const first = merge({ id: 1, tags: { a: "1" } }, { name: "Van" });
    const part = { id: 2, tags: {} };
    const second = merge(part, { name: null });
    expect(second).toEqual({ id: 2, tags: {}, name: null });
    expect(first).toEqual({ id: 1, tags: { a: "1" }, name: "Van" });
    expect(part).toEqual({ id: 2, tags: {} });
    expect(merge({ id: 3 })).toEqual({ id: 3, tags: null, name: null });
  });
});
