import { describe, expect, it } from "vitest";

import { DomainError } from "@/lib/platform/errors";
import { changesOf, factsOf, refuseClash } from "./changes";

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

describe("a change of what somebody else has changed meanwhile", () => {
  const record = {
    make: "Ford",
    streetAddressLine2: null,
    labels: ["a"],
    customFields: { depot: "North", keyed: true },
  };
  function clash(seen: object | undefined, wanted: object): unknown {
    try {
      return refuseClash(record, seen, wanted);
    } catch (error) {
      return error instanceof DomainError ? { [error.code]: Object.keys(error.fields) } : error;
    }
  }

  it("is refused at each such field, by the name that the form has for it", () => {
    const seen = { make: "Opel", streetAddressLine2: "x", labels: [], customFields: { depot: "South", keyed: false } };
    const wanted = {
      make: "Fiat",
      streetAddressLine2: "y",
      labels: ["b"],
      customFields: { depot: "West", keyed: null },
    };
    expect(clash(seen, wanted)).toEqual({
      conflict: ["make", "street_address_line_2", "labels", "custom_fields.depot", "custom_fields.keyed"],
    });
  });

  it("is none where the field is as it was seen, or already as it is wanted", () => {
    expect(clash({ make: "Ford", labels: ["a"] }, { make: "Fiat", labels: [] })).toBeUndefined();
    expect(clash({ make: "Opel" }, { make: "Ford" })).toBeUndefined();
    expect(clash({ customFields: { other: false } }, { customFields: { other: true } })).toBeUndefined();
    expect(clash({ customFields: { depot: "South" } }, { customFields: { depot: "North" } })).toBeUndefined();
  });

  it("is not asked for where nothing is said to have been seen", () => {
    expect(clash(undefined, { make: "Fiat" })).toBeUndefined();
    expect(clash({}, { make: "Fiat" })).toBeUndefined();
  });
});
