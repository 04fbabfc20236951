import { DomainError } from "@/lib/platform/errors";
import type { ApiVersion } from "../versions/api-versions";
import { defaultPageSize, knowsFilterAndSort, listsAsArray } from "../versions/step-down";
import { conditionSql } from "./conditions";
import { readCursor, type Cursor } from "./cursor";
import { fieldsNamed, takesOperator } from "./list-fields";
import {
  DIRECTIONS,
  type Condition,
  type ListDefinition,
  type ListRequest,
  type Operator,
  type Order,
  type Sort,
} from "./list-definition";

const MAX_PER_PAGE = 100;
const MAX_PAGE = 1_000_000_000;
const DEFAULT_SORT: Sort = [{ field: "id", direction: "desc" }];

/** Also what was written in another way (`Filter[…]`, `filter.name`, encoded twice): it would be left out silently. */
const FAMILY = /^\s*(filter|sort|q)(?!\w)/i;
const FILTER = /^filter\[(\w+)\]\[(\w+)\]$/;
const SORT = /^sort\[(\w+)\]$/;
const LEGACY = /^q\[(\w+)\]$/;
export const FILTER_OPERATORS: readonly Operator[] = ["eq", "like", "include", "in", "lt", "lte", "gt", "gte"];
export const LEGACY_PREDICATES: readonly (readonly [suffix: string, operator: Operator])[] = [
  ["_matches", "matches"],
  ["_present", "present"],
  ["_false", "false"],
  ["_cont", "like"],
  ["_in_s", "include"],
  ["_lteq", "lte"],
  ["_gteq", "gte"],
  ["_true", "true"],
  ["_null", "null"],
  ["_eq", "eq"],
  ["_in", "in"],
  ["_lt", "lt"],
  ["_gt", "gt"],
];

function refusal(parameter: string, sentence: string): DomainError {
  return new DomainError("bad_request", `${parameter} ${sentence}`, { [parameter]: [sentence] });
}

/** Whose list is asked for, and in which version of the API. */
export interface Asker {
  readonly accountId: number;
  readonly version: ApiVersion;
}

/** What the caller asked of a list. Whatever filters or sorts and is not understood is refused, never left out. */
export function readListRequest(
  list: ListDefinition,
  query: URLSearchParams,
  { accountId, version }: Asker,
): ListRequest {
  const asked = readFiltersAndSort(list, query, knowsFilterAndSort(version));
  const perPage = readNumber(query, "per_page", defaultPageSize(version), MAX_PER_PAGE);
  if (listsAsArray(list.resource, version)) {
    const place = { by: "page", page: readNumber(query, "page", 1, MAX_PAGE) } as const;
    return { conditions: asked.conditions, flags: asked.flags ?? [], sort: asked.sort ?? DEFAULT_SORT, perPage, place };
  }
  const cursor = readPlace(list, query, { ...asked, accountId });
  return {
    conditions: cursor.conditions,
    flags: cursor.flags,
    sort: cursor.sort,
    perPage,
    place: { by: "cursor", after: cursor.after },
  };
}

interface Asked {
  readonly conditions: readonly Condition[];
  readonly sort: Sort | null;
  /** Those that are on; null when none was named. */
  readonly flags: readonly string[] | null;
}

function readFiltersAndSort(list: ListDefinition, query: URLSearchParams, knowsModern: boolean): Asked {
  const conditions: Condition[] = [];
  const sorts: { parameter: string; field: string; direction: string }[] = [];
  for (const [parameter, value] of query) {
    const family = FAMILY.exec(parameter)?.[1]?.toLowerCase();
    if (family === undefined) {
      refuseBareFilter(list, parameter, knowsModern);
      continue;
    }
    if (family !== "q" && !knowsModern)
      throw refusal(parameter, "is not part of version 2023-03-01. Use q[…] there, or a later version.");
    if (family === "filter") conditions.push(readFilter(list, parameter, value));
    else if (family === "sort") sorts.push({ parameter, field: SORT.exec(parameter)?.[1] ?? "", direction: value });
    else if (parameter === "q[s]") sorts.push({ parameter, ...readLegacySort(value) });
    else conditions.push(readLegacyFilter(list, parameter, value));
  }
  return { conditions, sort: readSort(list, sorts), flags: readFlags(list, query) };
}

/** A filter's name without what makes it one: left out, it would list every record. */
function refuseBareFilter(list: ListDefinition, parameter: string, knowsModern: boolean): void {
  const name = /^\s*(\w+)\s*(?:\[.*)?$/.exec(parameter)?.[1]?.toLowerCase() ?? "";
  const isFilter = name === "id" || Object.hasOwn(list.filters, name);
  if (list.isAlwaysEmpty === true || !isFilter) return;
  const [field] = fieldsNamed(list, name);
  const operator = field && takesOperator(list, name, field, "eq") ? "eq" : "include";
  const modern = `filter[${name}][${operator}]=…`;
  const legacy = `q[${name}_${operator === "eq" ? "eq" : "in_s"}]=…`;
  throw refusal(
    parameter,
    knowsModern
      ? `filters nothing like that. Write ${modern}.`
      : `filters nothing like that. Write ${legacy}, or ${modern} from version 2024-01-01 on.`,
  );
}

function readFlags(list: ListDefinition, query: URLSearchParams): readonly string[] | null {
  const named = (list.flags ?? []).filter((flag) => query.has(flag));
  return named.length === 0 ? null : named.filter((flag) => readFlag(flag, query.get(flag) ?? ""));
}

function readFlag(flag: string, value: string): boolean {
  const known = new Map([
    ["1", true],
    ["true", true],
    ["0", false],
    ["false", false],
    ["", false],
  ]).get(value.toLowerCase());
  if (known === undefined) throw refusal(flag, "takes 1 or 0.");
  return known;
}

function readFilter(list: ListDefinition, parameter: string, value: string): Condition {
  const [, field = "", operator = ""] = FILTER.exec(parameter) ?? [];
  return checkedCondition(list, parameter, {
    field,
    operator: FILTER_OPERATORS.find((known) => known === operator),
    value,
  });
}

function readLegacyFilter(list: ListDefinition, parameter: string, value: string): Condition {
  const name = LEGACY.exec(parameter)?.[1] ?? "";
  const [suffix = "", operator] = LEGACY_PREDICATES.find(([ending]) => name.endsWith(ending)) ?? [];
  return checkedCondition(list, parameter, { field: name.slice(0, name.length - suffix.length), operator, value });
}

function checkedCondition(
  list: ListDefinition,
  parameter: string,
  { field, operator, value }: Omit<Condition, "operator"> & { readonly operator: Operator | undefined },
): Condition {
  const known = fieldsNamed(list, field);
  if (known.length === 0)
    throw refusal(
      parameter,
      `is not a filter of this list. It filters by ${["id", ...Object.keys(list.filters)].join(", ")}.`,
    );
  if (operator === undefined || !known.every((each) => takesOperator(list, field, each, operator)))
    throw refusal(parameter, `asks for a comparison that ${field} does not have.`);
  const condition = { field, operator, value };
  // Tried out here, so that a wrong value is refused before anything is read.
  for (const each of known) conditionSql(condition, each, parameter);
  return condition;
}

/** `field`, `field desc`, `field+desc`. */
function readLegacySort(value: string): { field: string; direction: string } {
  const [field = "", direction = "asc", ...rest] = value.trim().split(/[\s+]+/);
  return { field, direction: rest.length > 0 ? "" : direction };
}

function readSort(
  list: ListDefinition,
  sorts: readonly { parameter: string; field: string; direction: string }[],
): Sort | null {
  if (sorts.length === 0) return null;
  const orders: Order[] = [];
  for (const { parameter, field, direction: wanted } of sorts) {
    if (field !== "id" && !Object.hasOwn(list.sorts, field) && !(list.isAlwaysEmpty === true && field !== ""))
      throw refusal(
        parameter,
        `is not an order of this list. It sorts by ${["id", ...Object.keys(list.sorts)].join(", ")}.`,
      );
    const direction = DIRECTIONS.find((known) => known === wanted.toLowerCase());
    if (direction === undefined) throw refusal(parameter, "needs asc or desc.");
    // An id decides every tie: what comes after it, or twice, orders nothing.
    if (!orders.some((order) => order.field === "id" || order.field === field)) orders.push({ field, direction });
  }
  return orders;
}

/** A number of the query: absent = the default, outside of its range = the nearest inside. */
function readNumber(query: URLSearchParams, parameter: string, fallback: number, most: number): number {
  const text = query.get(parameter)?.trim();
  if (!text) return fallback;
  if (!/^-?\d+$/.test(text)) throw refusal(parameter, "needs a whole number.");
  return Math.min(Math.max(Number(text), 1), most);
}

function canonical(conditions: readonly Condition[]): string {
  return JSON.stringify(
    conditions.map(({ field, operator, value }) => JSON.stringify([field, operator, value])).sort(),
  );
}

function readPlace(
  list: ListDefinition,
  query: URLSearchParams,
  { accountId, ...asked }: Asked & Pick<Asker, "accountId">,
): Omit<Cursor, "resource" | "accountId"> {
  const given = ["start_cursor", "next_cursor"].flatMap((parameter) =>
    query
      .getAll(parameter)
      .filter(Boolean)
      .map((text) => ({ parameter, text })),
  );
  const [first] = given;
  // Otherwise who counts pages would be given the first one for ever.
  if (first === undefined && readNumber(query, "page", 1, MAX_PAGE) > 1)
    throw refusal(
      "page",
      "is not known to this list in this version: go on with start_cursor and the next_cursor before.",
    );
  if (first === undefined)
    return { conditions: asked.conditions, flags: asked.flags ?? [], sort: asked.sort ?? DEFAULT_SORT, after: null };
  const { parameter, text } = first;
  if (given.some((other) => other.text !== text)) throw refusal(parameter, "was given twice, with two values.");
  const cursor = readCursor(text, { accountId, resource: list.scope ?? list.resource, parameter });
  const contradicts =
    (asked.conditions.length > 0 && canonical(asked.conditions) !== canonical(cursor.conditions)) ||
    (asked.flags !== null && JSON.stringify(asked.flags) !== JSON.stringify(cursor.flags)) ||
    (asked.sort !== null && JSON.stringify(asked.sort) !== JSON.stringify(cursor.sort));
  if (contradicts) throw refusal(parameter, "belongs to other filters or another order. Send the same ones, or none.");
  return cursor;
}
