import "server-only";

import { Prisma, readSql } from "./database/db";
import { boundedCount, readMatchingPage, type ListOrder, type ListPage } from "./list-page";
import type { DatedView, Period } from "./list-view";

const PAGE_SIZE = 50;

/** Records that have a date instead of a name, as screen and file read them. */
export interface DatedRecords<View> {
  readonly table: Prisma.Sql;
  /** The instant that they stand in order by: an index ends in it and the id for each of the conditions. */
  readonly when: Prisma.Sql;
  /** What a view's filters ask for, beside its period. */
  readonly filters: (view: View) => readonly (Prisma.Sql | null)[];
}

export interface DatedList<Row> extends ListPage<Row> {
  /** Under the filters at hand; stops at 1,001. */
  readonly count: number;
  /** The database's clock when the page was read. */
  readonly now: Date;
}

function periodCondition(period: Period, when: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${when} > statement_timestamp() - make_interval(days => ${Number.parseInt(period, 10)}::int)`;
}

/** Of which table a view shows what: account, filters and period. */
export function datedRecordsShown<View extends Pick<DatedView, "period">>(
  { table, when, filters }: DatedRecords<View>,
  accountId: number,
  view: View,
) {
  const period = view.period && periodCondition(view.period, when);
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
    expression: records.when,
    type: "timestamptz",
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
