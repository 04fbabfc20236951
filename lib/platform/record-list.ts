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

/** Records with a name, which can be archived, as screen, file and pickers read them. */
export interface NamedRecords<View = unknown> {
  readonly table: Prisma.Sql;
  /** The columns of the table's trigram index. */
  readonly searched: readonly Prisma.Sql[];
  /** What a view's filters ask for. */
  readonly filters: (view: View) => readonly (Prisma.Sql | null)[];
}

interface Search {
  readonly q: string;
}

export interface RecordList<Row> extends ListPage<Row> {
  /** Under the search and filters at hand; each stops at 1,001. */
  readonly counts: { readonly current: number; readonly archived: number };
  /** The database's clock when the page was read. */
  readonly now: Date;
}

/** Whether a view shows the records at hand, or those archived. */
function shownCondition(show: RecordView["show"]): Prisma.Sql {
  return show === "archived" ? Prisma.sql`archived_at IS NOT NULL` : Prisma.sql`archived_at IS NULL`;
}

const SHOWN = { current: shownCondition(null), archived: shownCondition("archived") };

/** What search and filters of a view ask for; nothing where they leave nobody out. */
function narrowingOf<View extends Search>({ searched, filters }: NamedRecords<View>, view: View): Prisma.Sql[] {
  const asked = filters(view).filter((filter) => filter !== null);
  return view.q === "" ? asked : [searchCondition(view.q, searched), ...asked];
}

function ofAccount(accountId: number, narrowing: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.join([Prisma.sql`account_id = ${accountId}`, ...narrowing], " AND ");
}

/** Of which table a view shows what. */
export function recordsShown<View extends Search & Pick<RecordView, "show">>(
  records: NamedRecords<View>,
  accountId: number,
  view: View,
) {
  const matching = ofAccount(accountId, narrowingOf(records, view));
  return { table: records.table, conditions: Prisma.sql`${matching} AND ${shownCondition(view.show)}` };
}

interface PageColumns {
  readonly id: number;
  readonly sortValue: string;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}

/** One record as a list shows it, with what its viewer may do with it. */
export type ListedRow<Row, Verb> = Omit<Row, "sortValue" | "createdAt" | "archivedAt"> & {
  /** ISO 8601. */
  readonly createdAt: string;
  readonly isArchived: boolean;
  readonly verbs: readonly Verb[];
};

export interface RecordListRequest<View, Row, Verb> {
  readonly records: NamedRecords<View>;
  readonly accountId: number;
  readonly view: View;
  /** Joins to the page what its rows need from other tables. */
  readonly fetch: (page: Prisma.Sql, resultOrder: Prisma.Sql) => Promise<Row[]>;
  readonly verbsOf: (record: Row) => readonly Verb[];
}

/** One page of records with the counts beside its segments, in two statements; where many match, in three. */
export async function readRecordList<View extends RecordView & Search, Row extends PageColumns, Verb>({
  records,
  accountId,
  view,
  fetch,
  verbsOf,
}: RecordListRequest<View, Row, Verb>): Promise<RecordList<ListedRow<Row, Verb>>> {
  const { table } = records;
  const narrowing = narrowingOf(records, view);
  const conditions = ofAccount(accountId, narrowing);
  const { counts, ids, now } = await countGroups({ table, conditions, groups: SHOWN, isSearched: view.q !== "" });
  const isMany = counts[view.show ?? "current"] > COUNT_STOPS_AT;
  const isWhole = narrowing.length === 0 && view.show === null;
  const matching = ids ? Prisma.sql`account_id = ${accountId} AND id = ANY(${[...ids]}::int[])` : conditions;
  const request = {
    table,
    conditions: Prisma.sql`${matching} AND ${shownCondition(view.show)}`,
    accountId,
    reading: isWhole ? ("walk" as const) : isMany ? ("nearest" as const) : ("sort" as const),
    order: { ...ORDERS[view.sort], direction: view.direction },
    after: view.after,
    before: view.before,
    size: PAGE_SIZE,
  };
  const page = await readMatchingPage<Row>(request, fetch);
  const rows = page.rows.map((record) => {
    const { sortValue: _, createdAt, archivedAt, ...row } = record;
    return { ...row, createdAt: createdAt.toISOString(), isArchived: archivedAt !== null, verbs: verbsOf(record) };
  });
  return { ...page, rows, counts, now };
}

/** One record among those that a picker offers. */
export interface NamedMatch {
  readonly id: number;
  readonly name: string;
  /** What tells it from others of the like name. */
  readonly hint: string | null;
}

const MATCHES_AT_MOST = 20;

/** The first few of the account's records, by name, that fit to what was typed; archived ones are left out. */
export function findMatches(
  { table, searched }: Pick<NamedRecords, "table" | "searched">,
  accountId: number,
  typed: string,
  hint: Prisma.Sql,
): Promise<NamedMatch[]> {
  const fits = typed === "" ? Prisma.sql`TRUE` : searchCondition(typed, searched);
  return readSql(Prisma.sql`
    SELECT id, name, ${hint} AS hint FROM ${table} WHERE account_id = ${accountId} AND archived_at IS NULL AND ${fits}
    ORDER BY ${NAME_ORDER}, id LIMIT ${MATCHES_AT_MOST}`);
}
