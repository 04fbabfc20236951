import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { canonicalJson, chainHash, CHAIN_START, isExactJson, type ChainedFacts } from "./chain";

const facts: ChainedFacts = {
  accountId: 1,
  sequence: 1,
  occurredAt: new Date("2026-11-22T10:00:00.123Z"),
  actorKind: "user",
  actorId: 2,
  actorName: "Olivia West",
  action: "apiKey.created",
  recordType: "apiKey",
  recordId: 3,
  recordName: "Keycafe",
  before: null,
  after: { scopes: ["vehicles.read"] },
  ip: "203.0.113.7",
  requestId: null,
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("canonicalJson", () => {
  it("does not depend on the order of names", () => {
    expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
    expect(canonicalJson({ a: true, b: [1, { c: "x", d: null }], e: undefined })).toBe(
      '{"a":true,"b":[1,{"c":"x","d":null}]}',
    );
  });

  it("survives a journey through JSON, as the database makes it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(JSON.parse(JSON.stringify(value)))).toBe(canonicalJson(value));
      }),
    );
  });

  it("takes half a surrogate pair as the database stores it", () => {
    expect(canonicalJson("Key \uD83D")).toBe(canonicalJson("Key \uFFFD"));
    expect(canonicalJson("Key \u{1F511}")).not.toBe(canonicalJson("Key \uFFFD"));
  });
});

describe("isExactJson", () => {
  it("takes whatever JavaScript writes, also as the database spells it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(isExactJson(JSON.stringify({ value }))).toBe(true);
      }),
    );
    for (const text of [
      null,
      '{"a": 1.0}',
      '{"a": 0.00}',
      '"1e400 \\" 2.50000000000000000000001"',
      "1000000000000000000000",
      "0.0000001",
    ])
      expect(isExactJson(text)).toBe(true);
  });

  it("takes no number that would be read as another one, and no null that stands for nothing", () => {
    for (const text of ["null", "1e400", '{"a": [-1e999]}', "2.50000000000000000000001", "9007199254740993", "1e-400"])
      expect(isExactJson(text)).toBe(false);
  });
});

describe("chainHash", () => {
  it("is the same for the same facts, and another for another secret, predecessor or fact", () => {
    const hash = hex(chainHash("secret", CHAIN_START, facts));
    expect(hex(chainHash("secret", CHAIN_START, { ...facts }))).toBe(hash);
    const others = [
      chainHash("other", CHAIN_START, facts),
      chainHash("secret", new Uint8Array(32).fill(1), facts),
      ...Object.keys(facts).map((name) =>
        chainHash("secret", CHAIN_START, { ...facts, [name]: name === "occurredAt" ? new Date(0) : "other" }),
      ),
    ].map(hex);
    expect(new Set([hash, ...others]).size).toBe(others.length + 1);
  });

  it("is HMAC-SHA256 of the predecessor and the row (worked out with Python's hmac)", () => {
    expect(hex(chainHash("secret", CHAIN_START, facts))).toBe(
      "a8836b38dd72d22614d02a35119b972b3ce5daa9c0d3b149e475abf187d0ac4b",
    );
  });
});
