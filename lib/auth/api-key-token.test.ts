import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { hashApiKeyToken, isWellFormedApiKeyToken, mintApiKeyToken } from "./api-key-token";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** CRC-32 of thirty zeros and of thirty z's, worked out with Python's zlib and written in base62. */
const KNOWN = ["fah_0000000000000000000000000000002C8GjS", "fah_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4IlJEz"];

describe("mintApiKeyToken", () => {
  it("makes tokens that scanners know, that are well-formed and that differ", () => {
    const minted = Array.from({ length: 2000 }, mintApiKeyToken);
    for (const { token, prefix, last4, hash } of minted) {
      expect(token).toMatch(/^fah_[0-9A-Za-z]{36}$/);
      expect(isWellFormedApiKeyToken(token)).toBe(true);
      expect(token.startsWith(prefix)).toBe(true);
      expect(prefix).toHaveLength(10);
      expect(token.endsWith(last4)).toBe(true);
      expect(last4).toHaveLength(4);
      expect(hash).toEqual(hashApiKeyToken(token));
    }
    expect(new Set(minted.map(({ token }) => token)).size).toBe(minted.length);
  });

  it("favours no character (chi-squared with 61 degrees of freedom, one false alarm in a million)", () => {
    const counts = new Map<string, number>();
    const tokens = 4000;
    for (let made = 0; made < tokens; made++) {
      for (const character of mintApiKeyToken().token.slice(4, 34))
        counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = (tokens * 30) / 62;
    const distance = [...ALPHABET].reduce(
      (sum, character) => sum + ((counts.get(character) ?? 0) - expected) ** 2 / expected,
      0,
    );
    expect(distance).toBeLessThan(125);
  });
});

describe("isWellFormedApiKeyToken", () => {
  it.each(KNOWN)("accepts the known %s", (token) => {
    expect(isWellFormedApiKeyToken(token)).toBe(true);
  });

  it("refuses a token with any one character changed", () => {
    const position = fc.integer({ min: 0, max: 39 });
    const replacement = fc.constantFrom(...ALPHABET, "_", "-", " ", "é");
    fc.assert(
      fc.property(position, replacement, (at, character) => {
        const { token } = mintApiKeyToken();
        fc.pre(token[at] !== character);
        expect(isWellFormedApiKeyToken(token.slice(0, at) + character + token.slice(at + 1))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses two neighbours swapped, the likeliest slip after a wrong letter", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 38 }), (at) => {
        const { token } = mintApiKeyToken();
        const swapped = token.slice(0, at) + token.charAt(at + 1) + token.charAt(at) + token.slice(at + 2);
        fc.pre(swapped !== token);
        expect(isWellFormedApiKeyToken(swapped)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses any other text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.stringMatching(/^fah_[0-9A-Za-z]{0,35}$/)),
        (text) => {
          expect(isWellFormedApiKeyToken(text)).toBe(false);
        },
      ),
    );
    const { token } = mintApiKeyToken();
    for (const near of [`${token}\n`, ` ${token}`, token.toUpperCase(), `${token}0`, ""]) {
      expect(isWellFormedApiKeyToken(near)).toBe(false);
    }
  });
});

describe("hashApiKeyToken", () => {
  it("is SHA-256 (FIPS 180 vector)", () => {
    expect(hashApiKeyToken("abc").toString("hex")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});
