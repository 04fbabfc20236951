import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Pool } from "pg";
import { afterAll, describe, expect, it } from "vitest";

import { PrismaClient } from "@/generated/prisma/client";
import { Prisma, readDriverSql, readSql } from "@/lib/platform/database/db";
import { checkStatements, readRecorded } from "./check";
import { PARSED, PARSED_LISTS } from "./compare";
import { recordDriver, recordPrisma, writeRecorded, type Door } from "./record";
import * as seeded from "./seeded-rows";

const ROOT = path.resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "statements-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without the lines, which move. */
const withoutLines = (sentence: string) => sentence.replaceAll(/\.ts:\d+/g, ".ts");

describe("What statements give and what their row types say", () => {
  it("differ where a fault was seeded, and only there", async () => {
    recordPrisma(PrismaClient, Prisma.sql);
    recordDriver(Pool);
    const { readNever, ...run } = seeded;
    for (const read of Object.values(run)) await read();
    writeRecorded(folder);

    const { complaints, ...counts } = await checkStatements({
      root: ROOT,
      files: ["testing/statements/seeded-rows.ts"],
      recorded: readRecorded(folder),
      excused: { "lib/gone.ts › read": "nobody" },
      url: String(process.env.DATABASE_URL),
    });

    expect(readNever).toBeTypeOf("function");
    const file = "testing/statements/seeded-rows.ts";
    expect(complaints.map(withoutLines).sort()).toEqual(
      [
        `${file} (Named): column "naem" (text) is given, and the row type lacks it`,
        `${file} (Named): the row type promises "name" (string), and no column gives it`,
        `${file} ({ id: number }[]): column "token" (text) is given, and the row type lacks it`,
        `${file} ({ count: number; sum: string }): column "count" is int8, read as string, and the row type says number`,
        `${file} (Named): column "name" was NULL in a test, and the row type says string`,
        `${file} ({ parts: { at: Date }[] }): column "parts" is json, read as json, and the row type says { at: Date; }[]`,
        `${file} (Row & { more: number }), for ${file} (Named): column "id" is text, read as string, and the row type says number`,
        `${file} ([id: number, name: string]): column "text" was NULL in a test, and the row type says string`,
        `${file}: no test reaches this statement (${file} › readNever)`,
        "testing/statements/unreached.ts excuses lib/gone.ts › read, which is gone",
      ].sort(),
    );
    expect(complaints.find((sentence) => sentence.includes("naem"))).toContain(`${file}:18 `);
    expect(counts).toEqual({ sites: 11, reached: 10, statements: 9 });
  }, 120_000);
});

const VALUES: Readonly<Record<string, string>> = {
  bool: "true",
  int2: "1",
  int4: "1",
  int8: "1",
  oid: "1",
  xid: "1",
  float4: "1.5",
  float8: "1.5",
  numeric: "1.5",
  text: "a",
  varchar: "a",
  bpchar: "a",
  name: "a",
  uuid: "00000000-0000-4000-8000-000000000000",
  inet: "10.0.0.1",
  cidr: "10.0.0.0/8",
  date: "2026-01-02",
  timestamp: "2026-01-02 03:04:05",
  timestamptz: "2026-01-02 03:04:05+00",
  bytea: "\\x01",
  json: '{"a":1}',
  jsonb: '{"a":1}',
};

function kindOfValue(value: unknown): string {
  if (Array.isArray(value)) return `${kindOfValue(value[0])}[]`;
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Prisma.Decimal) return "Decimal";
  if (value instanceof Date) return "Date";
  return typeof value === "object" ? "json" : typeof value;
}

const READS: Readonly<Record<Door, typeof readDriverSql>> = { driver: readDriverSql, prisma: readSql };

describe.each(["prisma", "driver"] as const)("What %s makes of a column", (door) => {
  it.each(Object.entries(PARSED[door]))("of type %s is %s", async (type, kind) => {
    const value = Prisma.raw(`'${String(VALUES[type])}'::${type}`);
    const read = <Row extends object>(given: Prisma.Sql) => READS[door]<Row>(Prisma.sql`SELECT ${given} AS given`);
    const [one] = await read<{ given: unknown }>(value);
    expect(kindOfValue(one?.given)).toBe(kind);

    const list = Object.hasOwn(PARSED_LISTS[door], type) ? PARSED_LISTS[door][type] : `${kind}[]`;
    const many = read<{ given: unknown }>(Prisma.sql`ARRAY[${value}]`);
    if (list === null) await expect(many).rejects.toThrow("Failed to deserialize");
    else expect(kindOfValue((await many)[0]?.given)).toBe(list);
  });
});
