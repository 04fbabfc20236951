import { describe, expect, it } from "vitest";

import { Prisma, readSql } from "./db";
import { containsTyped } from "./list-page";

const NAMES = ["Westminster Depot 7", "Wesxxxter Depot 7", "East westminster", "50% off", "Größenwahn", null];

async function found(typed: string): Promise<(string | null)[]> {
  const rows = await readSql<{ name: string | null }>(
    Prisma.sql`SELECT name FROM unnest(${NAMES}::text[]) AS name WHERE ${containsTyped(Prisma.sql`name`, typed)}`,
  );
  return rows.map(({ name }) => name);
}

describe("what a column contains", () => {
  it.each([
    ["westminster depot", ["Westminster Depot 7"]],
    ["WESTMINSTER", ["Westminster Depot 7", "East westminster"]],
    ["minster depot 7", ["Westminster Depot 7"]],
    ["ter Depot", ["Westminster Depot 7", "Wesxxxter Depot 7"]],
    ["wes%ter", []],
    ["50% o", ["50% off"]],
    ["GRÖSSEN", []],
    ["größenwahn", ["Größenwahn"]],
    ["westminster  depot", []],
  ])("%s: the text whole, whatever its outline fits", async (typed, names) => {
    expect(await found(typed)).toEqual(names);
  });

  it("asks an index for the outlines of long words, and for all of what holds digits", () => {
    const asked = (typed: string) => containsTyped(Prisma.sql`name`, typed).values;
    expect(asked("customer driver 77777")).toEqual(["%cus%er dri%er 77777%", "%customer driver 77777%"]);
    expect(asked("transit")).toEqual(["%tra%sit%", "%transit%"]);
    for (const typed of ["depot", "1FTFW1ET5DFC10312", "a_b"]) expect(asked(typed)).toHaveLength(1);
  });
});
