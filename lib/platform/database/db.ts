import "server-only";
import { createHash } from "node:crypto";

import { PrismaPg } from "@prisma/adapter-pg";

import { Prisma, PrismaClient } from "@/generated/prisma/client";
import { readPool } from "./pool";
import { singleton } from "@/lib/platform/singleton";

export { Prisma };

type ReadMethod =
  | "findUnique"
  | "findUniqueOrThrow"
  | "findFirst"
  | "findFirstOrThrow"
  | "findMany"
  | "count"
  | "aggregate"
  | "groupBy";

type ModelName = Uncapitalize<Prisma.ModelName>;

/** Prisma with nothing but reading: a change does not compile, and the server would refuse it too. */
export type ReadDb = {
  readonly [Model in ModelName]: Pick<PrismaClient[Model], Extract<ReadMethod, keyof PrismaClient[Model]>>;
};

function readClient(): PrismaClient {
  return singleton("read-client", () => new PrismaClient({ adapter: new PrismaPg(readPool()) }));
}

/** The read-only database. */
export function db(): ReadDb {
  return readClient();
}

/**
 * Runs one read-only statement; for what Prisma cannot say, such as keysets by row comparison.
 * Every `where` in it shows the account beside the id.
 */
export function readSql<Row>(query: Prisma.Sql): Promise<Row[]> {
  return readClient().$queryRaw<Row[]>(query);
}

/**
 * The same past Prisma, at half its processor time a statement (0.3 ms less). Whole numbers of 8 bytes and exact
 * decimals come as text, as the driver gives them.
 */
export async function readDriverSql<Row extends object>({ text, values }: Prisma.Sql): Promise<Row[]> {
  const { rows } = await readPool().query<Row>({ text, values });
  return rows;
}

/**
 * The same for a statement that is asked all the time in few wordings: each connection keeps it prepared, which spares
 * the reading and planning that take longer than the answer. What makes it another plan (a LIMIT) must be in its text.
 */
export async function readPreparedSql<Row extends object>({ text, values }: Prisma.Sql): Promise<Row[]> {
  const name = createHash("sha1").update(text).digest("base64url");
  const { rows } = await readPool().query<Row>({ name, text, values });
  return rows;
}

/** The database's clock, to the millisecond. */
export async function databaseNow(): Promise<Date> {
  const rows = await readSql<{ now: Date }>(Prisma.sql`SELECT clock_timestamp() AS now`);
  const row = rows[0];
  if (row === undefined) throw new Error("the database gave no time");
  return row.now;
}
