import { Prisma, readDriverSql, readPreparedSql } from "@/lib/platform/database/db";
import { changePlace, placeToken, readPlaced, type Placed } from "./change-place";
import { conditionSql } from "./conditions";
import { fieldsNamed } from "./list-fields";
import type {
  Condition,
  FieldType,
  ListDefinition,
  ListField,
  ListPage,
  ListRequest,
  Operator,
  Order,
  Sort,
} from "./list-definition";

/** How far the remaining records are counted. */
const COUNT_LIMIT = 500;
/** The default and the most that a page may hold: what nearly all clients ask for. */
const PREPARED_PAGES: readonly number[] = [50, 100];

const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  text: "text",
  orderedText: "text",
  fixedText: "bpchar",
  timestamp: "timestamptz",
  integer: "bigint",
  boolean: "boolean",
  textInObject: "text",
  textList: "text",
};

/** What a resource reads its rows with; `where` shows the account. */
export interface ListSource {
  /** Whose records they are. */
  readonly accountId: number;
  readonly select: Prisma.Sql;
  readonly from: Prisma.Sql;
  /**
   * The table of the records alone, where `from` joins others that each record has; filters and orders use only its
   * columns.
   */
  readonly table?: Prisma.Sql;
  readonly where: Prisma.Sql;
}

/** The values of the sorted columns where a page begins; null = at the list's beginning. */
type Position = readonly string[] | null;

interface Keyset {
  readonly orderBy: Prisma.Sql;
  /** The ordered columns under names of their own, and the order of these. */
  readonly columns: Prisma.Sql;
  readonly columnOrder: Prisma.Sql;
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
  const wayOf = ({ direction }: OrderedColumn) => Prisma.raw(direction === "asc" ? "ASC" : "DESC");
  const nameOf = (index: number) => Prisma.raw(`order_${index}`);
  return {
    orderBy: Prisma.join(columns.map((ordered) => Prisma.sql`${ordered.column} ${wayOf(ordered)}`)),
    columns: Prisma.join(columns.map(({ column }, index) => Prisma.sql`${column} AS ${nameOf(index)}`)),
    columnOrder: Prisma.join(columns.map((ordered, index) => Prisma.sql`${nameOf(index)} ${wayOf(ordered)}`)),
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
    const fields = fieldsNamed(list, condition.field);
    if (fields.length === 0) throw new Error(`the list of ${list.resource} has no filter ${condition.field}`);
    const [only, ...others] = fields.map((field) => onOwnTable(condition, field, source));
    return only && others.length === 0 ? only : Prisma.sql`(${Prisma.join([only, ...others], " OR ")})`;
  });
  return Prisma.join([source.where, ...parts], " AND ");
}

function onOwnTable(condition: Condition, field: ListField, { accountId }: ListSource): Prisma.Sql {
  const compared = conditionSql(condition, field);
  return field.through?.(compared, accountId) ?? compared;
}

/** What is asked for, and in SQL: whose, which of them, in which order. */
interface PageQuery {
  readonly list: ListDefinition;
  readonly request: ListRequest;
  readonly source: ListSource;
  readonly where: Prisma.Sql;
  readonly keyset: Keyset;
}

/** Reads one page of a list, as the caller's version pages it. */
export async function readList<Row extends object>(
  list: ListDefinition,
  request: ListRequest,
  source: ListSource,
): Promise<ListPage<Row>> {
  const query = { list, request, source, where: conditionsOf(list, request, source), keyset: keysetOf(list, request) };
  return request.place.by === "page"
    ? readNumberedPage<Row>(query, request.place.page)
    : readCursorPage<Row>(query, request.place.after);
}

/** Few enough wordings to keep prepared on every connection; with conditions there would be any number. */
function isAskedAllTheTime({ conditions, sort, perPage }: ListRequest): boolean {
  return conditions.length === 0 && sort.length === 1 && sort[0]?.field === "id" && PREPARED_PAGES.includes(perPage);
}

type Positioned<Row> = Row & Placed & { readonly keysetPosition: string[] };

interface ReadPage<Row> {
  /** One more than a page where there is more. */
  readonly found: readonly Positioned<Row>[];
  /** Null where it is not known yet. */
  readonly remaining: number | null;
  /** Of the statement that read them. */
  readonly place: string;
}

/** So many matches are all looked at before the order is walked for them. */
const FEW_MATCHES = 2000;

const RANGES: readonly Operator[] = ["lt", "lte", "gt", "gte"];

/** One index has both what is asked for and the order. */
function isAnsweredInOrder(list: ListDefinition, { conditions, sort }: ListRequest): boolean {
  const [first, ...others] = sort;
  if (conditions.length === 0) return true;
  if (others.length > 0) return false;
  if (first?.field !== "id")
    return conditions.every(({ field, operator }) => field === first?.field && RANGES.includes(operator));
  const [only, ...more] = conditions;
  if (only === undefined || more.length > 0) return false;
  return only.field === "id" || (only.operator === "eq" && ownField(list, only.field) !== null);
}

/** The one field of the list's own table that an ordinary index has; null where several are asked, or another kind. */
function ownField(list: ListDefinition, name: string): ListField | null {
  const [field, ...others] = fieldsNamed(list, name);
  const isScalar = field?.type !== "textInObject" && field?.type !== "textList";
  return field && others.length === 0 && isScalar && field.through === undefined ? field : null;
}

/**
 * The first matches from a position on. The planner estimates how rare a filter's value is over all accounts together;
 * in an account that has none of it, it would walk the whole account in order. Where all filters are of one field, the
 * matches are read in that field's order, so that only its index will do. With several filters, with one that no order
 * helps, and within a part of a list that has an index of its own, the planner plans for all matches.
 */
function matchingSql(list: ListDefinition, { conditions }: ListRequest, keyset: Keyset, range: Prisma.Sql): Prisma.Sql {
  const [name = "", ...others] = new Set(conditions.map((condition) => condition.field));
  const field = others.length === 0 ? ownField(list, name) : null;
  const isOrdered =
    list.scope === undefined && conditions.every(({ operator }) => operator !== "like" && operator !== "matches");
  const order = isOrdered && field ? Prisma.sql`ORDER BY ${field.column} LIMIT ${FEW_MATCHES + 1}` : Prisma.empty;
  return Prisma.sql`all_matching AS MATERIALIZED (SELECT ${list.id} AS match_id, ${keyset.columns} ${range} ${order}),
    matching AS MATERIALIZED (SELECT * FROM all_matching LIMIT ${FEW_MATCHES + 1})`;
}

/** The page of a filtered list where few match; null where they are many. */
async function readAmongFew<Row extends object>(
  { list, request, source, keyset }: PageQuery,
  bounds: Prisma.Sql,
): Promise<ReadPage<Row> | null> {
  type Counted = Placed & { readonly keysetMatches: number };
  /** Where none matches, or too many do, the count comes alone. */
  type Found = Positioned<Row> & { readonly keysetRow: string };
  type Answered = Counted & (Found | { readonly [Name in Exclude<keyof Found, keyof Placed>]: null });
  const isFound = (row: Answered): row is Counted & Found => row.keysetRow !== null;
  const range = Prisma.sql`FROM ${source.table ?? source.from} WHERE ${bounds}`;
  const limit = Prisma.raw(String(request.perPage + 1));
  const read = await readDriverSql<Answered>(Prisma.sql`
    WITH ${matchingSql(list, request, keyset, range)}
    SELECT counted.*, page.*
    FROM (SELECT count(*)::int AS "keysetMatches", ${changePlace(source.accountId)} AS "keysetChange" FROM matching) counted LEFT JOIN LATERAL (
      SELECT ${source.select}, ${keyset.position} AS "keysetPosition", row_number() OVER (ORDER BY ${keyset.orderBy}) AS "keysetRow"
      FROM ${source.from} WHERE ${source.where} AND (SELECT count(*) FROM matching) <= ${FEW_MATCHES}
        AND ${list.id} IN (SELECT match_id FROM matching ORDER BY ${keyset.columnOrder} LIMIT ${limit})
    ) page ON TRUE
    ORDER BY page."keysetRow"`);
  const { keysetMatches: matches = 0, keysetChange: place = "" } = read[0] ?? {};
  if (matches > FEW_MATCHES) return null;
  return { found: read.filter(isFound), remaining: Math.min(matches, COUNT_LIMIT), place };
}

/** How many records there are from a place on. */
function countSql(source: ListSource, bounds: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT count(*)::int AS count
    FROM (SELECT 1 FROM ${source.table ?? source.from} WHERE ${bounds} LIMIT ${Prisma.raw(String(COUNT_LIMIT))}) counted`;
}

/** A page, and without filters what remains from it on as well. */
function cursorPageSql(request: ListRequest, source: ListSource, bounds: Prisma.Sql, keyset: Keyset): Prisma.Sql {
  const remaining = request.conditions.length === 0 ? Prisma.sql`(${countSql(source, bounds)})` : Prisma.sql`NULL::int`;
  return Prisma.sql`SELECT ${source.select}, ${keyset.position} AS "keysetPosition", ${remaining} AS "keysetRemaining",
      ${changePlace(source.accountId)} AS "keysetChange"
    FROM ${source.from} WHERE ${bounds} ORDER BY ${keyset.orderBy} LIMIT ${Prisma.raw(String(request.perPage + 1))}`;
}

async function countFrom(source: ListSource, bounds: Prisma.Sql): Promise<number> {
  const [counted] = await readDriverSql<{ count: number }>(countSql(source, bounds));
  return counted?.count ?? 0;
}

async function readCursorPage<Row extends object>(query: PageQuery, after: Position): Promise<ListPage<Row>> {
  const { list, request, source, where, keyset } = query;
  const bounds = Prisma.sql`${where} AND ${keyset.after(after)}`;
  const isPlain = isAnsweredInOrder(list, request);
  const few = isPlain ? null : await readAmongFew<Row>(query, bounds);
  const { found, remaining, place } = few ?? (await readInOrder<Row>(query, bounds, !isPlain));
  const rows = found.slice(0, request.perPage);
  const page = { by: "cursor", rows, after, changePlace: placeToken(place, source.accountId) } as const;
  if (found.length <= request.perPage) return { ...page, next: null, remaining: rows.length };
  return {
    ...page,
    next: rows.at(-1)?.keysetPosition ?? null,
    remaining: remaining ?? (await countFrom(source, bounds)),
  };
}

/** A page by walking its order; where it is known that many match, they need not be counted. */
async function readInOrder<Row extends object>(
  { request, source, keyset }: PageQuery,
  bounds: Prisma.Sql,
  isMany: boolean,
): Promise<ReadPage<Row>> {
  type Found = Positioned<Row> & { keysetRemaining: number | null };
  const statement = cursorPageSql(request, source, bounds, keyset);
  const { found, place } = await readPlaced(source.accountId, statement, () =>
    isAskedAllTheTime(request) ? readPreparedSql<Found>(statement) : readDriverSql<Found>(statement),
  );
  return { found, remaining: isMany ? COUNT_LIMIT : (found[0]?.keysetRemaining ?? null), place };
}

/** The statement of a list's first page, for measuring against. */
export function firstPageSql(list: ListDefinition, request: ListRequest, source: ListSource): Prisma.Sql {
  const keyset = keysetOf(list, request);
  return cursorPageSql(request, source, conditionsOf(list, request, source), keyset);
}

async function readNumberedPage<Row extends object>(
  { request: { perPage }, source, where, keyset }: PageQuery,
  page: number,
): Promise<ListPage<Row>> {
  const range = Prisma.sql`FROM ${source.from} WHERE ${where}`;
  const offset = BigInt(page - 1) * BigInt(perPage);
  const { accountId } = source;
  const statement = Prisma.sql`SELECT ${source.select}, ${changePlace(accountId)} AS "keysetChange" ${range}
    ORDER BY ${keyset.orderBy} LIMIT ${perPage} OFFSET ${offset}`;
  const [{ found, place }, counted] = await Promise.all([
    readPlaced(accountId, statement, () => readDriverSql<Row & Placed>(statement)),
    readDriverSql<{ count: number }>(Prisma.sql`SELECT count(*)::int AS count ${range}`),
  ]);
  return { by: "page", rows: found, page, total: counted[0]?.count ?? 0, changePlace: placeToken(place, accountId) };
}
