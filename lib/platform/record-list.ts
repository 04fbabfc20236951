import "server-only";

import { Prisma, readSql } from "./database/db";
import {
  containsTyped,
  countGroups,
  COUNT_STOPS_AT,
  likeLiteral,
  readMatchingPage,
  type ListOrder,
  type ListPage,
} from "./list-page";
import type { RecordSort } from "./list-view";

/** Below three characters a trigram index does not help: such a search reads the beginnings of names. */
const TRIGRAM_LENGTH = 3;
/** Rows on one page. */
const PAGE_SIZE = 50;

/** Names by bytes and without regard to case: in the words of the indexes `…_in_name_order`. */
const NAME_ORDER = Prisma.sql`(lower(name) COLLATE "C")`;

const ORDERS: Readonly<Record<RecordSort, Omit<ListOrder, "direction">>> = {
  name: { name: "name", expression: NAME_ORDER, type: "text" },
  created: { name: "created", expression: Prisma.sql`created_at`, type: "timestamptz" },
  updated: { name: "updated", expression: Prisma.sql`updated_at`, type: "timestamptz" },
};

/** What was typed, found in any of the columns of a trigram index. */
export function searchCondition(typed: string, columns: readonly Prisma.Sql[]): Prisma.Sql {
  if (typed.length < TRIGRAM_LENGTH) return Prisma.sql`${NAME_ORDER} LIKE ${`${likeLiteral(typed).toLowerCase()}%`}`;
  const found = columns.map((column) => containsTyped(column, typed));
  return Prisma.sql`(${Prisma.join(found, " OR ")})`;
}

export interface RecordView {
  readonly show: "archived" | null;
  readonly sort: RecordSort;
  readonly direction: "asc" | "desc";
  readonly after: string | null;
  readonly before: string | null;
}

export interface RecordListRequest {
  /** A table of records with a name, which can be archived. */
  readonly table: Prisma.Sql;
  readonly accountId: number;
  /** Account, search and filters. */
  readonly conditions: Prisma.Sql;
  /** They leave records out. */
  readonly isNarrowed: boolean;
  /** Something was typed that they look for. */
  readonly isSearched: boolean;
  readonly view: RecordView;
}

export interface RecordList<Row> extends ListPage<Row> {
  /** Under the search and filters at hand; each stops at 1,001. */
  readonly counts: { readonly current: number; readonly archived: number };
  /** The database's clock when the page was read. */
  readonly now: Date;
}

/** Whether a view shows the records at hand, or those archived. */
export function shownCondition(show: RecordView["show"]): Prisma.Sql {
  return show === "archived" ? Prisma.sql`archived_at IS NOT NULL` : Prisma.sql`archived_at IS NULL`;
}

const SHOWN = { current: shownCondition(null), archived: shownCondition("archived") };

/**
 * One page of records with the counts beside its segments, in two statements; where many match, in three. `fetch`
 * joins to the page what its rows need from other tables.
 */
export async function readRecordList<Row extends { readonly id: number; readonly sortValue: string }>(
  { table, accountId, conditions, isNarrowed, isSearched, view }: RecordListRequest,
  fetch: (page: Prisma.Sql, resultOrder: Prisma.Sql) => Promise<Row[]>,
): Promise<RecordList<Row>> {
  const { counts, ids, now } = await countGroups({ table, conditions, groups: SHOWN, isSearched });
  const isMany = counts[view.show ?? "current"] > COUNT_STOPS_AT;
  const matching = ids ? Prisma.sql`account_id = ${accountId} AND id = ANY(${[...ids]}::int[])` : conditions;
  const request = {
    table,
    conditions: Prisma.sql`${matching} AND ${shownCondition(view.show)}`,
    accountId,
    reading: !isNarrowed && view.show === null ? ("walk" as const) : isMany ? ("nearest" as const) : ("sort" as const),
    order: { ...ORDERS[view.sort], direction: view.direction },
    after: view.after,
    before: view.before,
    size: PAGE_SIZE,
  };
  return { ...(await readMatchingPage<Row>(request, fetch)), counts, now };
}

/** One record among those that a picker offers. */
export interface NamedMatch {
  readonly id: number;
  readonly name: string;
  /** What tells it from others of the like name. */
  readonly hint: string | null;
}

const MATCHES_AT_MOST = 20;

export interface MatchRequest {
  /** A table of records with a name, which can be archived. */
  readonly table: Prisma.Sql;
  readonly accountId: number;
  readonly typed: string;
  /** Those of the table's trigram index. */
  readonly columns: readonly Prisma.Sql[];
  readonly hint: Prisma.Sql;
}

/** The first few of the account's records, by name, that fit to what was typed; archived ones are left out. */
export function findMatches({ table, accountId, typed, columns, hint }: MatchRequest): Promise<NamedMatch[]> {
  const fits = typed === "" ? Prisma.sql`TRUE` : searchCondition(typed, columns);
  return readSql(Prisma.sql`
    SELECT id, name, ${hint} AS hint FROM ${table} WHERE account_id = ${accountId} AND archived_at IS NULL AND ${fits}
    ORDER BY ${NAME_ORDER}, id LIMIT ${MATCHES_AT_MOST}`);
}
