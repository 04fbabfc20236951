import "server-only";

import { Prisma, readSql } from "./database/db";
import { boundedCount, readMatchingPage, type ListOrder, type ListPage } from "./list-page";
import type { DatedView, Period } from "./list-view";

const PAGE_SIZE = 50;

/** Records that have a date instead of a name, as screen and file read them. */
export interface DatedRecords<View> {
  /** An index ends in the date and the id for each of the conditions. */
  readonly table: Prisma.Sql;
  /** How the table keeps its dates. */
  readonly dateType: "date" | "timestamptz";
  /** What a view's filters ask for, beside its period. */
  readonly filters: (view: View) => readonly (Prisma.Sql | null)[];
}

export interface DatedList<Row> extends ListPage<Row> {
  /** Under the filters at hand; stops at 1,001. */
  readonly count: number;
  /** The database's clock when the page was read. */
  readonly now: Date;
}

function periodCondition(period: Period, dateType: "date" | "timestamptz"): Prisma.Sql {
  const days = Number.parseInt(period, 10);
  return dateType === "date"
    ? Prisma.sql`date > (statement_timestamp() AT TIME ZONE 'UTC')::date - ${days}::int`
    : Prisma.sql`date > statement_timestamp() - make_interval(days => ${days}::int)`;
}

/** Of which table a view shows what: account, filters and period. */
export function datedRecordsShown<View extends Pick<DatedView, "period">>(
  { table, dateType, filters }: DatedRecords<View>,
  accountId: number,
  view: View,
) {
  const period = view.period && periodCondition(view.period, dateType);
  const asked = [Prisma.sql`account_id = ${accountId}`, ...filters(view), period].filter((each) => each !== null);
  return { table, conditions: Prisma.join(asked, " AND ") };
}

export interface DatedListRequest<View, Row> {
  readonly records: DatedRecords<View>;
  readonly accountId: number;
  readonly view: View;
  /** Joins to the page what its rows need from other tables. */
  readonly fetch: (page: Prisma.Sql, resultOrder: Prisma.Sql) => Promise<Row[]>;
}

/** One page of records by their date, in two statements. */
export async function readDatedList<
  View extends DatedView,
  Row extends { readonly id: number; readonly sortValue: string },
>({ records, accountId, view, fetch }: DatedListRequest<View, Row>): Promise<DatedList<Row>> {
  const { table, conditions } = datedRecordsShown(records, accountId, view);
  const order: ListOrder = {
    name: "date",
    expression: Prisma.sql`date`,
    type: records.dateType,
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
