import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { lineField, readLine, readProse } from "./plain-text";

describe("readLine", () => {
  it.each([
    ["  Van 12  ", "Van 12"],
    ["Cafe\u0301", "Café"],
    ["👩‍🔧 Werkstatt", "👩‍🔧 Werkstatt"],
    ["❤️", "❤️"],
    ["می‌خواهم", "می‌خواهم"],
    ["日本 北海道", "日本 北海道"],
    ["   ", ""],
  ])("takes %j as %j", (given, text) => expect(readLine(given)).toEqual({ text }));

  it.each([
    ["a\u200bb", "holds an invisible character (U+200B); take it out"],
    ["\u200b", "holds an invisible character (U+200B); take it out"],
    ["\u3164", "holds an invisible character (U+3164); take it out"],
    ["\u2800", "holds an invisible character (U+2800); take it out"],
    ["soft\u00adhyphen", "holds an invisible character (U+00AD); take it out"],
    ["\u200d", "holds an invisible character (U+200D); take it out"],
    ["a\u200d", "holds an invisible character (U+200D); take it out"],
    ["a \u200c b", "holds an invisible character (U+200C); take it out"],
    ["\u{e0041}bc", "holds an invisible character (U+E0041); take it out"],
    ["exe\u202etxt", "holds a character that turns the direction of writing (U+202E); take it out"],
    ["\u2067abc\u2069", "holds a character that turns the direction of writing (U+2067); take it out"],
    ["a\nb", "holds a line break; write it on one line"],
    ["a\u2028b", "holds a line break; write it on one line"],
    ["a\tb", "holds a tab; write a space"],
    ["a\u001b[31m", "holds a control character (U+001B); take it out"],
    ["a\0b", "holds a character that cannot be stored"],
    ["a\ud800", "holds a character that cannot be stored"],
    ["\u0301", "holds nothing that can be seen"],
    ["Key fah_0000000000000000000000000000002C8GjS", "holds an API key; take it out, this is no place for a secret"],
  ])("refuses %j: it %s", (given, complaint) => expect(readLine(given)).toEqual({ complaint }));

  it("takes no two texts that are drawn alike by other code points for two, and what it took once it takes again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (given) => {
        const reading = readLine(given);
        if ("complaint" in reading) return;
        expect(readLine(given.normalize("NFD"))).toEqual(reading);
        expect(readLine(reading.text)).toEqual(reading);
      }),
    );
  });
});

it("readProse keeps lines and tabs, and refuses what is hidden all the same", () => {
  expect(readProse("one\r\n\ttwo\n")).toEqual({ text: "one\r\n\ttwo" });
  expect(readProse("one\n\u202etwo")).toMatchObject({ complaint: expect.stringContaining("U+202E") as string });
});

describe("lineField", () => {
  const field = lineField({ subject: "A name", most: 4, blank: "Enter a name." });
  const said = (given: string) => field.safeParse(given).error?.issues.map(({ message }) => message);

  it("says what is wrong in a sentence", () => {
    expect(said(" ")).toEqual(["Enter a name."]);
    expect(said("abcde")).toEqual(["A name has at most 4 characters."]);
    expect(said("a\u200b")).toEqual(["A name holds an invisible character (U+200B); take it out."]);
    expect(field.parse(" abc ")).toBe("abc");
  });
});
