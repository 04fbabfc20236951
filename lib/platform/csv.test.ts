import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { csvLine } from "./csv";

/** A reader that knows RFC 4180 and nothing of how the lines were made. */
function readCsvLine(line: string): string[] {
  const cells = [...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

describe("csvLine", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+49 30 1", "'+49 30 1"],
    ["-2", "'-2"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ["\rx", `"'\rx"`],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ])("defuses %j", (cell, written) => {
    expect(csvLine([cell])).toBe(`${written}\r\n`);
  });

  it("quotes what RFC 4180 says, and nothing else", () => {
    expect(csvLine(["a b", 'say "x"', "1,2", "two\nlines", null, 7, -7, "Müller 東京"])).toBe(
      'a b,"say ""x""","1,2","two\nlines",,7,-7,Müller 東京\r\n',
    );
  });

  it("gives back every text that is no formula, whatever is in it", () => {
    const text = fc.string({ unit: "binary", minLength: 1 }).filter((value) => !/^[=+\-@\t\r]/.test(value));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (cells) => {
        expect(readCsvLine(csvLine(cells))).toEqual(cells);
      }),
    );
  });
});
