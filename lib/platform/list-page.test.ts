import { describe, expect, it } from "vitest";

import { Prisma, readSql } from "./database/db";
import { containsTyped, readListPage } from "./list-page";

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

describe("a place in an address", () => {
  const order = { name: "created", expression: Prisma.sql`n`, type: "int4", direction: "asc" } as const;
  const rowsFrom = async (place: unknown) => {
    const after = Buffer.from(JSON.stringify(place)).toString("base64url");
    const page = await readListPage({ order, after, before: null, size: 2 }, ({ where, orderBy, limit }) =>
      readSql<{ id: number; sortValue: string }>(
        Prisma.sql`SELECT id, n::text AS "sortValue" FROM (SELECT g AS id, g AS n FROM generate_series(1, 5) g) made
          WHERE ${where} ORDER BY ${orderBy} LIMIT ${limit}`,
      ),
    );
    return page.rows.map(({ id }) => id);
  };

  it("with an id or a value that no row can have is the beginning, and reaches no database", async () => {
    expect(await rowsFrom(["created", "asc", "2", 2])).toEqual([3, 4]);
    for (const id of [2 ** 31, 2 ** 53, -1, 0, 1.5, "1e9", "2", null]) {
      expect(await rowsFrom(["created", "asc", "2", id]), String(id)).toEqual([1, 2]);
      if (id !== "2") expect(await rowsFrom(["created", "asc", String(id), 2]), String(id)).toEqual([1, 2]);
    }
  });
});
