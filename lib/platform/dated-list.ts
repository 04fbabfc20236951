import "server-only";

import { Prisma, readSql } from "./database/db";
import { boundedCount, readMatchingPage, type ListOrder, type ListPage } from "./list-page";
import type { DatedView, Period } from "./list-view";

const PAGE_SIZE = 50;

export interface DatedListRequest {
  /** A table of records with a date; an index ends in it and the id for each of the conditions. */
  readonly table: Prisma.Sql;
  readonly accountId: number;
  /** Beside account and period. */
  readonly filter: Prisma.Sql;
  /** How the table keeps its dates. */
  readonly dateType: "date" | "timestamptz";
  readonly view: DatedView;
}

export interface DatedList<Row> extends ListPage<Row> {
  /** Under the filters at hand; stops at 1,001. */
  readonly count: number;
  /** The database's clock when the page was read. */
  readonly now: Date;
}

function periodCondition(period: Period | null, dateType: DatedListRequest["dateType"]): Prisma.Sql {
  if (period === null) return Prisma.sql`TRUE`;
  const days = Number.parseInt(period, 10);
  return dateType === "date"
    ? Prisma.sql`date > (statement_timestamp() AT TIME ZONE 'UTC')::date - ${days}::int`
    : Prisma.sql`date > statement_timestamp() - make_interval(days => ${days}::int)`;
}

/** Of which table a view shows what: account, filter and period. */
export function datedRecords({
  table,
  accountId,
  filter,
  dateType,
  view,
}: Omit<DatedListRequest, "view"> & { readonly view: Pick<DatedView, "period"> }) {
  const period = periodCondition(view.period, dateType);
  return { table, conditions: Prisma.sql`account_id = ${accountId} AND ${filter} AND ${period}` };
}

/** One page of records by their date, in two statements. `fetch` joins to the page what its rows need from other tables. */
export async function readDatedList<Row extends { readonly id: number; readonly sortValue: string }>(
  given: DatedListRequest,
  fetch: (page: Prisma.Sql, resultOrder: Prisma.Sql) => Promise<Row[]>,
): Promise<DatedList<Row>> {
  const { accountId, dateType, view } = given;
  const { table, conditions } = datedRecords(given);
  const order: ListOrder = {
    name: "date",
    expression: Prisma.sql`date`,
    type: dateType,
    direction: view.direction,
  };
  const request = { table, accountId, conditions, reading: "walk", order, size: PAGE_SIZE } as const;
  const [page, [counted]] = await Promise.all([
    readMatchingPage<Row>({ ...request, after: view.after, before: view.before }, fetch),
    readSql<{ count: number; now: Date }>(Prisma.sql`
      SELECT ${boundedCount(Prisma.sql`FROM ${table} WHERE ${conditions}`)} AS count, statement_timestamp() AS now`),
  ]);
  if (counted === undefined) throw new Error("the database gave no count");
  return { ...page, ...counted };
}
