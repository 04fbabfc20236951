import "server-only";
import { z } from "zod";

import { Prisma, readSql } from "./database/db";

/** One order of a list: the SQL it sorts by (exactly as its index says it) and how a value of it is written. */
export interface ListOrder {
  readonly name: string;
  readonly expression: Prisma.Sql;
  readonly type: "timestamptz" | "text" | "int4";
  readonly direction: "asc" | "desc";
}

/** A place in a list: the sort value and id of a row that was seen. */
interface Place {
  readonly value: string;
  readonly id: number;
}

/** A timestamptz as PostgreSQL writes it in a UTC session. */
const TIMESTAMP_TEXT = /^([1-9]\d{3}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,6})?\+00$/;
const MAX_ID = 2_147_483_647;

/** Whether the database would take the text: an address is anybody's to write. */
function isTimestamp(text: string): boolean {
  const [, date, time] = TIMESTAMP_TEXT.exec(text) ?? [];
  if (!date || !time) return text === "-infinity" || text === "infinity";
  const instant = new Date(`${date}T${time}Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${date}T${time}`);
}

/** Whether the database would take the text for a value of that type. */
function isValueOf(type: ListOrder["type"], text: string): boolean {
  switch (type) {
    case "timestamptz":
      return isTimestamp(text);
    case "text":
      return !text.includes("\0");
    case "int4":
      return /^[1-9]\d{0,9}$/.test(text) && Number(text) <= MAX_ID;
  }
}

const placeInAddress = z.tuple([
  z.string(),
  z.enum(["asc", "desc"]),
  z.string().max(300),
  z.int().positive().max(MAX_ID),
]);

function writePlace(order: ListOrder, place: Place): string {
  return Buffer.from(JSON.stringify([order.name, order.direction, place.value, place.id])).toString("base64url");
}

/** A place that is not understood, or of another order, counts as not given: the list starts at its beginning. */
function readPlace(order: ListOrder, text: string | null): Place | null {
  if (text === null) return null;
  try {
    const parsed = placeInAddress.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    if (!parsed.success) return null;
    const [name, direction, value, id] = parsed.data;
    if (name !== order.name || direction !== order.direction) return null;
    if (!isValueOf(order.type, value)) return null;
    return { value, id };
  } catch {
    return null;
  }
}

export interface PageRequest {
  readonly order: ListOrder;
  readonly after: string | null;
  readonly before: string | null;
  readonly size: number;
}

/** What a statement takes over to read one page. */
export interface PageWindow {
  readonly where: Prisma.Sql;
  readonly orderBy: Prisma.Sql;
  /** The same order for an outer query, where the order's expression is called `sort_value`. */
  readonly resultOrder: Prisma.Sql;
  readonly limit: number;
}

export interface ListPage<Row> {
  readonly rows: readonly Row[];
  /** What stands in the address of the page before and the page after; null where there is none. */
  readonly previous: string | null;
  readonly next: string | null;
}

/**
 * Reads one page by keyset: a row comparison, so that page 2,000 costs what page 1 costs.
 * `fetch` gets the condition, the order and the limit to put into its statement; its rows carry `id` and `sortValue`
 * (the order's expression as text).
 */
export async function readListPage<Row extends { readonly id: number; readonly sortValue: string }>(
  request: PageRequest,
  fetch: (window: PageWindow) => Promise<Row[]>,
): Promise<ListPage<Row>> {
  const { order, size } = request;
  const before = readPlace(order, request.before);
  const place = before ?? readPlace(order, request.after);
  const backwards = before !== null;
  const descending = (order.direction === "desc") !== backwards;
  const way = Prisma.raw(descending ? "DESC" : "ASC");
  const where =
    place === null
      ? Prisma.sql`TRUE`
      : Prisma.sql`(${order.expression}, id) ${Prisma.raw(descending ? "<" : ">")} (${place.value}::${Prisma.raw(order.type)}, ${place.id})`;
  const orderBy = Prisma.sql`${order.expression} ${way}, id ${way}`;
  const found = await fetch({ where, orderBy, resultOrder: Prisma.sql`sort_value ${way}, id ${way}`, limit: size + 1 });
  const more = found.length > size;
  const rows = found.slice(0, size);
  if (backwards) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  const hasPrevious = backwards ? more : place !== null;
  const hasNext = backwards || more;
  return {
    rows,
    previous: hasPrevious && first ? writePlace(order, { value: first.sortValue, id: first.id }) : null,
    next: hasNext && last ? writePlace(order, { value: last.sortValue, id: last.id }) : null,
  };
}

export interface MatchingRequest extends PageRequest {
  readonly table: Prisma.Sql;
  readonly accountId: number;
  /** The account among them. */
  readonly conditions: Prisma.Sql;
  /** The same, worded for looking at the nearest rows one by one, where that is another wording. */
  readonly nearConditions?: Prisma.Sql;
  /**
   * "walk": nearly all match, the order's index is walked until the page is full. "sort": few match. "nearest": many
   * match, of the account's far more, perhaps all at the far end of the order: a page is looked for among the nearest,
   * and only if it is not there, all that match are sorted.
   */
  readonly reading: "walk" | "sort" | "nearest";
}

/** How far an order is walked for a page, where a search or filter leaves more rows than are counted. */
const WALKED_ROWS = 2000;

/**
 * Reads a page of what matches. How has to be said, because the planner cannot know that conditions leave few rows.
 * `fetch` gets the page as a statement (all columns, and `sort_value`) and the order for what it joins to it.
 */
export function readMatchingPage<Row extends { readonly id: number; readonly sortValue: string }>(
  { table, accountId, conditions, nearConditions = conditions, reading, ...request }: MatchingRequest,
  fetch: (page: Prisma.Sql, resultOrder: Prisma.Sql) => Promise<Row[]>,
): Promise<ListPage<Row>> {
  const matching = Prisma.sql`SELECT * FROM ${table} WHERE ${conditions}`;
  return readListPage<Row>(request, async (window) => {
    const pageOf = (source: Prisma.Sql) =>
      fetch(
        Prisma.sql`
          ${source} SELECT *, ${request.order.expression} AS sort_value FROM matching
          WHERE ${window.where} ORDER BY ${window.orderBy} LIMIT ${window.limit}`,
        window.resultOrder,
      );
    if (reading === "walk") return pageOf(Prisma.sql`WITH matching AS NOT MATERIALIZED (${matching})`);
    if (reading === "nearest") {
      const nearest = Prisma.sql`
        SELECT * FROM ${table} WHERE account_id = ${accountId} AND ${window.where}
        ORDER BY ${window.orderBy} LIMIT ${WALKED_ROWS}`;
      const found = await pageOf(
        Prisma.sql`WITH matching AS (SELECT * FROM (${nearest}) nearest WHERE ${nearConditions})`,
      );
      if (found.length === window.limit) return found;
    }
    return pageOf(Prisma.sql`WITH matching AS MATERIALIZED (${matching})`);
  });
}

/** Counts stop here: what a person reads is "1,000+". */
export const COUNT_STOPS_AT = 1000;

/** How many rows `from` gives, counted no further than one past `COUNT_STOPS_AT`. */
export function boundedCount(from: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(SELECT count(*)::int FROM (SELECT 1 ${from} LIMIT ${COUNT_STOPS_AT + 1}) bounded)`;
}

/** So many matches of a search are read by their ids: a page and its counts then look for them once. */
const FEW_MATCHES = 2 * COUNT_STOPS_AT;

export interface CountRequest<Group extends string> {
  readonly table: Prisma.Sql;
  readonly conditions: Prisma.Sql;
  /** What each group asks besides. */
  readonly groups: Readonly<Record<Group, Prisma.Sql>>;
  /** Something was typed that the conditions look for. */
  readonly isSearched: boolean;
}

export interface GroupCounts<Group extends string> {
  /** Each stops one past `COUNT_STOPS_AT`. */
  readonly counts: Readonly<Record<Group, number>>;
  /** All that a search found; null where that is many, or nothing was searched. */
  readonly ids: readonly number[] | null;
  /** The database's clock. */
  readonly now: Date;
}

/**
 * How many rows each group has, in one statement. A trigram index is dear to ask, and each count would ask it again:
 * of a search the first matches are looked at, and a group is counted by itself only where they do not say.
 */
export async function countGroups<Group extends string>(request: CountRequest<Group>): Promise<GroupCounts<Group>> {
  const { table, conditions, groups, isSearched } = request;
  const parts = Object.entries<Prisma.Sql>(groups).map(([name, condition], index) => ({
    name: Prisma.raw(`"${name}"`),
    known: Prisma.raw(`known_${index}`),
    condition,
    counted: boundedCount(Prisma.sql`FROM ${table} WHERE ${conditions} AND ${condition}`),
  }));
  const each = (write: (part: (typeof parts)[number]) => Prisma.Sql) => Prisma.join(parts.map(write));
  const statement = isSearched
    ? Prisma.sql`
      WITH few AS MATERIALIZED (
        SELECT id, ${each(({ condition, known }) => Prisma.sql`(${condition}) AS ${known}`)}
        FROM ${table} WHERE ${conditions} LIMIT ${FEW_MATCHES + 1}
      ), looked AS (
        SELECT count(*) > ${FEW_MATCHES} AS is_cut, array_agg(id) AS ids,
          ${each(({ known }) => Prisma.sql`(count(*) FILTER (WHERE ${known}))::int AS ${known}`)} FROM few
      )
      SELECT CASE WHEN NOT is_cut THEN COALESCE(ids, ARRAY[]::int[]) END AS ids, statement_timestamp() AS now,
        ${each(
          ({ name, known, counted }) => Prisma.sql`CASE WHEN is_cut AND ${known} <= ${COUNT_STOPS_AT} THEN ${counted}
            ELSE least(${known}, ${COUNT_STOPS_AT + 1}) END AS ${name}`,
        )}
      FROM looked`
    : Prisma.sql`SELECT NULL::int[] AS ids, statement_timestamp() AS now,
        ${each(({ name, counted }) => Prisma.sql`${counted} AS ${name}`)}`;
  const [found] = await readSql<Record<string, number> & Pick<GroupCounts<Group>, "ids" | "now">>(statement);
  if (found === undefined) throw new Error("the database gave no counts");
  const { ids, now, ...counts } = found;
  return { counts: counts as Record<Group, number>, ids, now };
}

/** A text whose `%`, `_` and `\` are literal in LIKE; without NUL, which no text in the database can hold. */
export function likeLiteral(text: string): string {
  return text.replaceAll("\0", "").replace(/[\\%_]/g, (character) => `\\${character}`);
}

/** Of a word of six letters or more its beginning and its end, each a trigram; the end of one that a space follows is one with it. */
function outlineOf(literal: string): string {
  return literal.replace(/(\p{L}{3})\p{L}+(\p{L}{2}) /gu, "$1%$2 ").replace(/(\p{L}{3})\p{L}+(\p{L}{3})$/u, "$1%$2");
}

/**
 * Whether a column holds what was typed, in whatever case. Its trigram index is asked for the words' outlines alone: of
 * a word that all names share, every trigram would be read from one end to the other, and the next says no more than
 * the last. What the index finds is then compared whole.
 */
export function containsTyped(column: Prisma.Sql, typed: string): Prisma.Sql {
  const literal = likeLiteral(typed);
  const outline = outlineOf(literal);
  const holds = Prisma.sql`${column} ILIKE ${`%${outline}%`}`;
  // As an expression of no index: it must not be asked for as well.
  return outline === literal ? holds : Prisma.sql`(${holds} AND ${column} || '' ILIKE ${`%${literal}%`})`;
}
