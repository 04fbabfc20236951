import "server-only";
import { z } from "zod";

import { Prisma, readSql } from "./db";

/** One order of a list: the SQL it sorts by (exactly as its index says it) and how a value of it is written. */
export interface ListOrder {
  readonly name: string;
  readonly expression: Prisma.Sql;
  readonly type: "timestamptz" | "date" | "text" | "int4";
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

const DATE_TEXT = /^[1-9]\d{3}-\d\d-\d\d$/;

function isDate(text: string): boolean {
  return DATE_TEXT.test(text) && isTimestamp(`${text} 00:00:00+00`);
}

/** Whether the database would take the text for a value of that type. */
function isValueOf(type: ListOrder["type"], text: string): boolean {
  switch (type) {
    case "timestamptz":
      return isTimestamp(text);
    case "date":
      return isDate(text);
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
  { table, accountId, conditions, reading, ...request }: MatchingRequest,
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
      const found = await pageOf(Prisma.sql`WITH matching AS (SELECT * FROM (${nearest}) nearest WHERE ${conditions})`);
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

/** What a search finds, as far as it was looked. */
export interface Matches {
  readonly ids: readonly number[];
  /** There are no others. */
  readonly isWhole: boolean;
  /** By group, such as a status. */
  readonly counts: ReadonlyMap<string, number>;
  readonly now: Date;
}

/** Looks for what matches until that is known not to be few. A trigram index is dear to ask, and each count would ask it again. */
export async function findFewMatches(table: Prisma.Sql, conditions: Prisma.Sql, group: Prisma.Sql): Promise<Matches> {
  const [found] = await readSql<{ ids: number[]; groups: string[]; now: Date }>(Prisma.sql`
    SELECT COALESCE(array_agg(id), ARRAY[]::int[]) AS ids, COALESCE(array_agg("group"), ARRAY[]::text[]) AS groups,
      statement_timestamp() AS now
    FROM (SELECT id, (${group})::text AS "group" FROM ${table} WHERE ${conditions} LIMIT ${FEW_MATCHES + 1}) few`);
  if (found === undefined) throw new Error("the database gave no matches");
  const counts = new Map<string, number>();
  for (const name of found.groups) counts.set(name, (counts.get(name) ?? 0) + 1);
  return { ids: found.ids, isWhole: found.ids.length <= FEW_MATCHES, counts, now: found.now };
}

/** The matches of one group, no further than they are counted. */
export function countedMatches({ counts }: Matches, group: string): number {
  return Math.min(counts.get(group) ?? 0, COUNT_STOPS_AT + 1);
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
