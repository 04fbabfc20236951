import { describe, expect, it } from "vitest";

import {
  customFieldKey,
  customFieldsOfNew,
  customFieldVerbs,
  mergeCustomFields,
  type CustomFieldDefinition,
} from "./policy";

const definition = (key: string, choice: Partial<CustomFieldDefinition> = {}): CustomFieldDefinition => ({
  id: 1,
  recordType: "vehicle",
  label: key,
  key,
  dataType: "text",
  required: false,
  choices: [],
  ...choice,
});
const text = definition("note");
const color = definition("color", { dataType: "drop_down", choices: ["red", "blue"] });
const tracked = definition("tracked", { dataType: "checkbox" });
const bought = definition("bought", { dataType: "date" });
const code = definition("code", { required: true });
const ALL = [text, color, tracked, bought];

describe("mergeCustomFields", () => {
  it("puts what is given over what is there and leaves the rest", () => {
    expect(mergeCustomFields(ALL, { note: "old", color: "red" }, { note: "new", tracked: true })).toEqual({
      ok: true,
      values: { note: "new", color: "red", tracked: true },
    });
  });

  it("takes a value that comes back as it is, also one that is no choice any more", () => {
    const merged = mergeCustomFields(ALL, { color: "green", note: "old" }, { color: "green", note: "new" });
    expect(merged).toEqual({ ok: true, values: { color: "green", note: "new" } });
    expect(mergeCustomFields(ALL, { color: "green" }, { color: "gold" }).ok).toBe(false);
  });

  it.each([[undefined], [null], [{}], [[]]])("changes nothing for %j", (given) => {
    expect(mergeCustomFields(ALL, { note: "old" }, given)).toEqual({ ok: true, values: { note: "old" } });
  });

  it.each([[5], ["x"], [["x"]], [true]])("refuses %j, which holds no keys", (given) => {
    expect(mergeCustomFields(ALL, {}, given)).toEqual({
      ok: false,
      errors: { custom_fields: ["must be an object of values by key"] },
    });
  });

  it.each([
    ["note", 12, "12"],
    ["note", "", null],
    ["note", null, null],
    ["color", "blue", "blue"],
    ["tracked", "1", true],
    ["tracked", 0, false],
    ["tracked", "false", false],
    ["bought", "2026-02-28", "2026-02-28"],
    ["bought", "2026-02-28T23:00:00-05:00", "2026-02-28"],
  ])("takes %s = %j as %j", (key, given, value) => {
    expect(mergeCustomFields(ALL, {}, { [key]: given })).toEqual({ ok: true, values: { [key]: value } });
  });

  it.each([
    ["note", {}, "must be a text"],
    ["note", "x".repeat(5001), "has at most 5000 characters"],
    ["color", "green", "must be one of red, blue"],
    ["color", ["red"], "must be one of red, blue"],
    ["tracked", "yes", "must be true or false"],
    ["bought", "2026-02-30", "must be a date such as 2026-11-22"],
    ["bought", "soon", "must be a date such as 2026-11-22"],
    ["bought", 20260228, "must be a date such as 2026-11-22"],
  ])("refuses %s = %j", (key, given, complaint) => {
    expect(mergeCustomFields(ALL, {}, { [key]: given })).toEqual({
      ok: false,
      errors: { [`custom_fields.${key}`]: [complaint] },
    });
  });

  it("refuses every key that is not defined, each by its name, names of JavaScript's own included", () => {
    const given: unknown = JSON.parse('{"nope": 1, "__proto__": {"x": 1}, "constructor": 2}');
    const merged = mergeCustomFields(ALL, {}, given);
    expect(merged.ok).toBe(false);
    expect(merged.ok ? [] : Object.keys(merged.errors)).toEqual([
      "custom_fields.nope",
      "custom_fields.__proto__",
      "custom_fields.constructor",
    ]);
  });

  it("lets nobody empty a required field, and asks for none that was never filled in", () => {
    expect(mergeCustomFields([code], { code: "A1" }, { code: "" })).toEqual({
      ok: false,
      errors: { "custom_fields.code": ["can't be blank"] },
    });
    expect(mergeCustomFields([code], {}, {})).toEqual({ ok: true, values: {} });
  });
});

describe("customFieldsOfNew", () => {
  it("wants every required field", () => {
    expect(customFieldsOfNew([code, text], undefined)).toEqual({
      ok: false,
      errors: { "custom_fields.code": ["can't be blank"] },
    });
    expect(customFieldsOfNew([code, text], { code: "A1" })).toEqual({ ok: true, values: { code: "A1" } });
  });

  it("names the wrong value rather than the missing one", () => {
    const fault = customFieldsOfNew(
      [definition("color", { dataType: "drop_down", choices: ["red"], required: true })],
      { color: "blue" },
    );
    expect(fault).toEqual({ ok: false, errors: { "custom_fields.color": ["must be one of red"] } });
  });
});

describe("customFieldKey", () => {
  it.each([
    ["Keycafe Access Link", "keycafe_access_link"],
    ["Größe (cm)", "gr__e__cm_"],
    ["VIN", "vin"],
    ["Assegurança", "asseguran_a"],
    ["Asseguranc\u0327a", "asseguran_a"],
    ["保険", "field_1"],
    ["🚚", "field_1"],
  ])("makes %j %j", (label, key) => expect(customFieldKey(label)).toBe(key));

  it.each([
    ["Depot", ["depot"], "depot_2"],
    ["Depot!", ["depot_"], "depot__2"],
    ["depot", ["depot", "depot_2", "depot_4"], "depot_3"],
    ["保険", ["field_1"], "field_2"],
    ["Depot", ["dépôt", "depots"], "depot"],
  ])("makes %j another one than %j: %j", (label, taken, key) =>
    expect(customFieldKey(label, new Set(taken))).toBe(key),
  );
});

describe("customFieldVerbs", () => {
  it.each([
    [0, 1, ["edit", "delete"]],
    [0, 3, ["moveDown", "edit", "delete"]],
    [1, 3, ["moveUp", "moveDown", "edit", "delete"]],
    [2, 3, ["moveUp", "edit", "delete"]],
  ])("of the field at %i of %i", (index, count, verbs) => expect(customFieldVerbs(index, count)).toEqual(verbs));
});
