import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { csvLine } from "@/lib/platform/csv";
import type { DomainError } from "@/lib/platform/errors";
import { MAX_ROWS } from "./policy";
import { readSheet } from "./sheet";

const read = (text: string) => readSheet(Buffer.from(text));

function complaintAbout(file: Uint8Array): string {
  try {
    readSheet(file);
    return "";
  } catch (error) {
    return (error as DomainError).fields.file?.join(" ") ?? "";
  }
}

describe("readSheet", () => {
  it.each([
    ["commas", "Name,Note\r\nVan 1,x\r\n"],
    ["semicolons", "Name;Note\nVan 1;x"],
    ["tabs", "Name\tNote\nVan 1\tx\n"],
    ["a byte order mark", "\ufeffName,Note\r\nVan 1,x\r\n"],
    ["quoted cells", '"Name","Note"\n"Van 1","x"\n'],
  ])("reads %s", (_, text) => {
    expect(read(text)).toEqual({ headers: ["Name", "Note"], rows: [{ number: 2, cells: ["Van 1", "x"] }] });
  });

  it("keeps delimiters, quotes and line breaks inside of quoted cells", () => {
    const { rows } = read('Name;Note\n"Van; ""one""";"two\nlines"\nVan 2;\n');
    expect(rows).toEqual([
      { number: 2, cells: ['Van; "one"', "two\nlines"] },
      { number: 3, cells: ["Van 2", ""] },
    ]);
  });

  it("leaves out empty rows, fills up short ones, forgets what stands behind the last column, and counts as a spreadsheet", () => {
    expect(read("Name,Note\n,\nVan 1\nVan 2,x,y\n").rows).toEqual([
      { number: 3, cells: ["Van 1", ""] },
      { number: 4, cells: ["Van 2", "x"] },
    ]);
  });

  it("takes back the apostrophe that an export puts before what looks like a formula", () => {
    expect(read("Phone\n'+49 30 1\n'quoted'\n").rows.map(({ cells }) => cells[0])).toEqual(["+49 30 1", "'quoted'"]);
  });

  it("reads back whatever our own export writes", () => {
    const cell = fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((text) => text.trim() === text && !/[\0\r]/.test(text) && !text.startsWith("'"));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 5 }), (cells) => {
        const headers = cells.map((_, index) => `column ${index}`);
        expect(read(csvLine(headers) + csvLine(cells)).rows[0]?.cells).toEqual(cells);
      }),
    );
  });

  it.each([
    ["an empty file", "", "The file is empty."],
    ["columns without names", " , \n1,2\n", "The file is empty."],
    ["no rows", "Name\n", "The file has no rows"],
    ["only empty rows", "Name\n\n\n", "The file has no rows"],
    ["an open quotation mark", 'Name\n"Van 1\nVan 2\n', "a quotation mark is opened and not closed"],
    ["a binary file", "Name\nVan\0 1\n", "characters that are no text"],
    ["too many rows", `Name\n${"Van\n".repeat(MAX_ROWS + 1)}`, "at most 10,000"],
    ["too many columns", `${"x,".repeat(201)}\n1\n`, "at most 200"],
  ])("refuses %s", (_, text, complaint) => expect(complaintAbout(Buffer.from(text))).toContain(complaint));

  it("refuses what is not UTF-8, and says what to do", () => {
    expect(complaintAbout(Buffer.from("Name\nM\xfcller\n", "latin1"))).toContain("CSV UTF-8");
    expect(complaintAbout(Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe]))).not.toBe("");
  });
});
