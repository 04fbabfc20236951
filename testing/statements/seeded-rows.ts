// Statements whose row types err, for the test of the check, and some that do not.
import { Prisma, readDriverSql, readSql } from "@/lib/platform/database/db";
import { readPool } from "@/lib/platform/database/pool";
import { bookkeepingDb } from "@/lib/platform/database/write-db";

interface Named {
  readonly id: number;
  readonly name: string;
}

const ONE = Prisma.sql`(VALUES (1, 'one'::text)) v (id, name)`;

export const readRight = () =>
  readSql<Named & { at: Date; made: bigint; parts: { n: number }[]; none: string | null }>(
    Prisma.sql`SELECT id, name, now() AS at, 1::int8 AS made, '[{"n": 1}]'::json AS parts, NULL::text AS none FROM ${ONE}`,
  );

export const readMisspelt = () => readSql<Named>(Prisma.sql`SELECT id, name AS naem FROM ${ONE}`);

export const readLacking = () => bookkeepingDb().$queryRaw<{ id: number }[]>`SELECT 1 AS id, 'x'::text AS token`;

export const readMistyped = () =>
  readDriverSql<{ count: number; sum: string }>(Prisma.sql`SELECT count(*), sum(id) FROM ${ONE}`);

export function readNull(): Promise<Named[]> {
  return readSql(
    Prisma.sql`SELECT v.id, w.name FROM ${ONE} LEFT JOIN (VALUES (2, 'two'::text)) w (id, name) ON w.id = v.id`,
  );
}

export const readInstantsOfJson = () =>
  readSql<{ parts: { at: Date }[] }>(Prisma.sql`SELECT '[{"at": "2026-01-01"}]'::json AS parts`);

async function readMore<Row extends object>(columns: Prisma.Sql): Promise<(Row & { more: number })[]> {
  return readDriverSql<Row & { more: number }>(Prisma.sql`SELECT ${columns}, 1 AS more FROM ${ONE}`);
}

export const readHanded = () => readMore<Named>(Prisma.sql`id, name`);

export const readHandedWrong = () => readMore<Named>(Prisma.sql`name AS id, name`);

export async function readPlaces(): Promise<unknown> {
  return readPool().query<[id: number, name: string]>({ text: "SELECT 1, NULL::text", rowMode: "array" });
}

export const readNever = () => readSql<Named>(Prisma.sql`SELECT 1 AS id`);
