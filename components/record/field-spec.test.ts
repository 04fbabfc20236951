import { describe, expect, it } from "vitest";

import { sayRefusal, sayValue, withPlainNumbers, type FieldSpec } from "./field-spec";

const METER: FieldSpec = { name: "meter", label: "Meter", kind: "number" };
const NOTE: FieldSpec = { name: "note", label: "Note", kind: "text" };

describe("a number typed as pages write it", () => {
  it.each([
    ["84,625.2", "84625.2"],
    [" 1,234,567 ", " 1234567 "],
    ["1234.5", "1234.5"],
    // A comma for a point would be another number: it is refused, not guessed.
    ["12,5", "12,5"],
    ["1,2345", "1,2345"],
    ["1.234,5", "1.234,5"],
  ])("%s is %s", (typed, sent) => {
    expect(withPlainNumbers([METER, NOTE], { meter: typed, note: "1,234" })).toEqual({ meter: sent, note: "1,234" });
  });
});

describe("words", () => {
  it("say what a field holds", () => {
    const unit: FieldSpec = {
      name: "unit",
      label: "Unit",
      kind: "choice",
      none: "None",
      options: [{ value: "mi", label: "Miles" }],
    };
    const box: FieldSpec = { name: "box", label: "Box", kind: "checkbox" };
    expect([sayValue(unit, "mi"), sayValue(unit, ""), sayValue(unit, "km")]).toEqual(["“Miles”", "“None”", "“km”"]);
    expect([sayValue(box, true), sayValue(box, false)]).toEqual(["ticked", "not ticked"]);
    expect([sayValue(NOTE, "Ford"), sayValue(NOTE, "")]).toEqual(["“Ford”", "nothing"]);
  });

  it("of a refusal are a sentence that names the field", () => {
    expect(sayRefusal("Name", ["can't be blank"])).toBe("Name can't be blank.");
    expect(sayRefusal("Name", ["There is none."])).toBe("There is none.");
  });
});
