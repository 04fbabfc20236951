import { Prisma, readPreparedSql, readSql } from "@/lib/platform/db";
import { conditionSql } from "./conditions";
import type { FieldType, ListDefinition, ListField, ListPage, ListRequest, Order, Sort } from "./list-definition";

/** How far the remaining records are counted. */
const COUNT_LIMIT = 500;
/** The default and the most that a page may hold: what nearly all clients ask for. */
const PREPARED_PAGES: readonly number[] = [50, 100];

const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  text: "text",
  fixedText: "bpchar",
  timestamp: "timestamptz",
  integer: "bigint",
  boolean: "boolean",
  textInObject: "text",
};

/** What a resource reads its rows with; `where` shows the account. */
export interface ListSource {
  readonly select: Prisma.Sql;
  readonly from: Prisma.Sql;
  readonly where: Prisma.Sql;
}

/** The values of the sorted columns where a page begins; null = at the list's beginning. */
type Position = readonly string[] | null;

interface Keyset {
  readonly orderBy: Prisma.Sql;
  readonly position: Prisma.Sql;
  after(position: Position): Prisma.Sql;
}

interface OrderedColumn extends ListField {
  readonly direction: Order["direction"];
}

/** What a list is ordered by, to the last tie. */
function orderedColumns(list: ListDefinition, sort: Sort): readonly OrderedColumn[] {
  const idField: ListField = { column: list.id, type: "integer" };
  const named = sort.flatMap(({ field, direction }) => {
    const known = field === "id" ? idField : list.sorts[field];
    return known === undefined ? [] : [{ ...known, direction }];
  });
  if (sort.some(({ field }) => field === "id")) return named;
  return [...named, { ...idField, direction: sort.at(-1)?.direction ?? "desc" }];
}

const isBehind = ({ direction }: OrderedColumn) => Prisma.raw(direction === "asc" ? ">" : "<");

/** Behind the place in the first column that differs. The bound of the first column is what an index can answer. */
function behindColumnByColumn(columns: readonly OrderedColumn[], values: readonly Prisma.Sql[]): Prisma.Sql {
  const [first] = columns;
  const behind = columns.reduceRight<Prisma.Sql | null>((rest, ordered, index) => {
    const [column, value] = [ordered.column, values[index] ?? Prisma.sql`NULL`];
    const here = Prisma.sql`${column} ${isBehind(ordered)} ${value}`;
    return rest === null ? here : Prisma.sql`(${here} OR (${column} = ${value} AND ${rest}))`;
  }, null);
  if (first === undefined || behind === null) return Prisma.sql`TRUE`;
  return Prisma.sql`(${first.column} ${isBehind(first)}= ${values[0] ?? Prisma.sql`NULL`} AND ${behind})`;
}

/** One way throughout it is a row comparison, which an index answers whole. */
function keysetOf(list: ListDefinition, { sort }: ListRequest): Keyset {
  const columns = orderedColumns(list, sort);
  const [first] = columns;
  const isOneWay = columns.every(({ direction }) => direction === first?.direction);
  return {
    orderBy: Prisma.join(
      columns.map(({ column, direction }) => Prisma.sql`${column} ${Prisma.raw(direction === "asc" ? "ASC" : "DESC")}`),
    ),
    position: Prisma.sql`ARRAY[${Prisma.join(columns.map(({ column }) => Prisma.sql`(${column})::text`))}]`,
    after: (position) => {
      if (position === null || first === undefined) return Prisma.sql`TRUE`;
      const values = columns.map(
        ({ type }, index) => Prisma.sql`${position[index] ?? ""}::${Prisma.raw(SQL_TYPES[type])}`,
      );
      if (!isOneWay) return behindColumnByColumn(columns, values);
      return Prisma.sql`(${Prisma.join(columns.map(({ column }) => column))}) ${isBehind(first)} (${Prisma.join(values)})`;
    },
  };
}

function conditionsOf(list: ListDefinition, request: ListRequest, source: ListSource): Prisma.Sql {
  const parts = request.conditions.map((condition) => {
    const field = list.filters[condition.field];
    if (field === undefined) throw new Error(`the list of ${list.resource} has no filter ${condition.field}`);
    return conditionSql(condition, field);
  });
  return Prisma.join([source.where, ...parts], " AND ");
}

/** Reads one page of a list, as the caller's version pages it. */
export async function readList<Row extends object>(
  list: ListDefinition,
  request: ListRequest,
  source: ListSource,
): Promise<ListPage<Row>> {
  const where = conditionsOf(list, request, source);
  const keyset = keysetOf(list, request);
  return request.place.by === "page"
    ? readNumberedPage(request, request.place.page, source, where, keyset)
    : readCursorPage(request, request.place.after, source, where, keyset);
}

/** Few enough wordings to keep prepared on every connection; with conditions there would be any number. */
function isAskedAllTheTime({ conditions, sort, perPage }: ListRequest): boolean {
  return conditions.length === 0 && sort.length === 1 && sort[0]?.field === "id" && PREPARED_PAGES.includes(perPage);
}

function rangeSql(after: Position, source: ListSource, where: Prisma.Sql, keyset: Keyset): Prisma.Sql {
  return Prisma.sql`FROM ${source.from} WHERE ${where} AND ${keyset.after(after)}`;
}

/** How many records there are from a place on. */
function countSql(range: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT count(*)::int AS count FROM (SELECT 1 ${range} LIMIT ${Prisma.raw(String(COUNT_LIMIT))}) counted`;
}

/** A page, and without filters what remains from it on as well: with them, looking again may cost as much as the page. */
function cursorPageSql(request: ListRequest, source: ListSource, range: Prisma.Sql, keyset: Keyset): Prisma.Sql {
  const remaining = request.conditions.length === 0 ? Prisma.sql`(${countSql(range)})` : Prisma.sql`NULL::int`;
  return Prisma.sql`SELECT ${source.select}, ${keyset.position} AS "keysetPosition", ${remaining} AS "keysetRemaining"
    ${range} ORDER BY ${keyset.orderBy} LIMIT ${Prisma.raw(String(request.perPage + 1))}`;
}

async function countFrom(range: Prisma.Sql): Promise<number> {
  const [counted] = await readSql<{ count: number }>(countSql(range));
  return counted?.count ?? 0;
}

async function readCursorPage<Row extends object>(
  request: ListRequest,
  after: Position,
  source: ListSource,
  where: Prisma.Sql,
  keyset: Keyset,
): Promise<ListPage<Row>> {
  const range = rangeSql(after, source, where, keyset);
  const read = isAskedAllTheTime(request) ? readPreparedSql : readSql;
  const found = await read<Row & { keysetPosition: string[]; keysetRemaining: number | null }>(
    cursorPageSql(request, source, range, keyset),
  );
  const rows = found.slice(0, request.perPage);
  if (found.length <= request.perPage) return { by: "cursor", rows, after, next: null, remaining: rows.length };
  return {
    by: "cursor",
    rows,
    after,
    next: rows.at(-1)?.keysetPosition ?? null,
    remaining: found[0]?.keysetRemaining ?? (await countFrom(range)),
  };
}

/** The statement of a list's first page, for measuring against. */
export function firstPageSql(list: ListDefinition, request: ListRequest, source: ListSource): Prisma.Sql {
  const keyset = keysetOf(list, request);
  return cursorPageSql(request, source, rangeSql(null, source, conditionsOf(list, request, source), keyset), keyset);
}

async function readNumberedPage<Row extends object>(
  { perPage }: ListRequest,
  page: number,
  source: ListSource,
  where: Prisma.Sql,
  keyset: Keyset,
): Promise<ListPage<Row>> {
  const range = Prisma.sql`FROM ${source.from} WHERE ${where}`;
  const offset = BigInt(page - 1) * BigInt(perPage);
  const [rows, counted] = await Promise.all([
    readSql<Row>(
      Prisma.sql`SELECT ${source.select} ${range} ORDER BY ${keyset.orderBy} LIMIT ${perPage} OFFSET ${offset}`,
    ),
    readSql<{ count: number }>(Prisma.sql`SELECT count(*)::int AS count ${range}`),
  ]);
  return { by: "page", rows, page, total: counted[0]?.count ?? 0 };
}
