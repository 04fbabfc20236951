import { Prisma } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import { likeLiteral } from "@/lib/platform/list-page";
import { readTimestamp } from "@/lib/platform/written-times";
import type { Condition, FieldType, ListField, Operator } from "./list-definition";

const COMPARISONS = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;
const NULLNESS: readonly Operator[] = ["present", "null"];

const RANGES: readonly Operator[] = ["lt", "lte", "gt", "gte"];
const PATTERNS: readonly Operator[] = ["like", "matches"];

const ALLOWED: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: ["eq", "include", ...PATTERNS, ...NULLNESS],
  orderedText: ["eq", "include", ...PATTERNS, ...RANGES, ...NULLNESS],
  fixedText: ["eq", "include", ...NULLNESS],
  timestamp: ["eq", ...RANGES, ...NULLNESS],
  integer: ["eq", "include", ...RANGES, ...NULLNESS],
  boolean: ["eq", "true", "false", ...NULLNESS],
  textInObject: ["eq", "like", "include", ...NULLNESS],
  textList: ["eq", "include"],
};

export function allowsOperator({ type, range }: ListField, operator: Operator): boolean {
  return ALLOWED[type].includes(operator) || (range !== undefined && PATTERNS.includes(operator));
}

/** A condition, and what its caller calls it. */
interface NamedCondition extends Condition {
  readonly parameter: string;
}

function badValue({ parameter }: NamedCondition, sentence: string): DomainError {
  return new DomainError("bad_request", `${parameter} ${sentence}`, { [parameter]: [sentence] });
}

function integerOf(text: string): bigint | null {
  return /^-?\d{1,18}$/.test(text.trim()) ? BigInt(text.trim()) : null;
}

/** One value as a typed parameter. */
function parameter(condition: NamedCondition, type: FieldType, text: string): Prisma.Sql {
  switch (type) {
    case "text":
    case "orderedText":
    case "textInObject":
    case "textList":
      return Prisma.sql`${text}::text`;
    case "fixedText":
      return Prisma.sql`${text}::bpchar`;
    case "timestamp": {
      const instant = readTimestamp(text);
      if (instant === null) throw badValue(condition, "needs a time such as 2026-11-22T10:00:00Z");
      return Prisma.sql`${instant}::timestamptz`;
    }
    case "integer": {
      const number = integerOf(text);
      if (number === null) throw badValue(condition, "needs a whole number");
      return Prisma.sql`${number}::bigint`;
    }
    case "boolean": {
      if (!["true", "false", "1", "0"].includes(text)) throw badValue(condition, "needs true or false");
      return Prisma.sql`${text === "true" || text === "1"}::boolean`;
    }
  }
}

/** Some value of the object compares so. */
function comparisonInObject({ operator, value }: Condition, column: Prisma.Sql): Prisma.Sql {
  switch (operator) {
    case "include":
      return Prisma.sql`texts_in(${column}) && ${value.split(",")}::text[]`;
    case "like": {
      // The index knows the values as one text, their quotes escaped; whether it is one value that matches is asked of those found.
      const inText = JSON.stringify(value).slice(1, -1);
      return Prisma.sql`(jsonb_path_query_array(${column}, '$.*')::text ILIKE ${`%${likeLiteral(inText)}%`}
        AND EXISTS (SELECT FROM jsonb_each_text(${column}) held WHERE held.value ILIKE ${`%${likeLiteral(value)}%`}))`;
    }
    case "null":
      return Prisma.sql`${column} = '{}'`;
    case "present":
      return Prisma.sql`${column} <> '{}'`;
    default:
      return Prisma.sql`texts_in(${column}) @> ARRAY[${value}]::text[]`;
  }
}

/** Text that holds the value somewhere, or is like it as a whole, where `%` stands for anything. */
function patternOf({ operator, value }: Condition): string {
  // A lone backslash at the end would be an error.
  return operator === "like" ? `%${likeLiteral(value)}%` : value.replaceAll("\\", "\\\\");
}

/** The numbers that are written so are looked for by the index of the numbers. */
function comparisonInRange(condition: Condition, column: Prisma.Sql, [from, to]: readonly [number, number]) {
  return Prisma.sql`${column} = ANY (ARRAY(SELECT number FROM generate_series(${from}::int, ${to}::int) number
    WHERE number::text ILIKE ${patternOf(condition)}))`;
}

function comparison(condition: NamedCondition, { column, type, range }: ListField): Prisma.Sql {
  if (type === "textInObject") return comparisonInObject(condition, column);
  const { operator, value } = condition;
  if (type === "textList") return Prisma.sql`${column} && ${operator === "eq" ? [value] : value.split(",")}::text[]`;
  switch (operator) {
    case "eq":
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return Prisma.sql`${column} ${Prisma.raw(COMPARISONS[operator])} ${parameter(condition, type, value)}`;
    case "include":
    case "in": {
      const listed = value.split(",").map((item) => parameter(condition, type, item));
      return Prisma.sql`${column} IN (${Prisma.join(listed)})`;
    }
    case "like":
    case "matches":
      return range ? comparisonInRange(condition, column, range) : Prisma.sql`${column} ILIKE ${patternOf(condition)}`;
    case "true":
    case "false":
      return Prisma.sql`${column} IS ${Prisma.raw(operator.toUpperCase())}`;
    case "null":
      return Prisma.sql`${column} IS NULL`;
    case "present":
      return isText(type) ? Prisma.sql`${column} > ''` : Prisma.sql`${column} IS NOT NULL`;
  }
}

const isText = (type: FieldType) => type === "text" || type === "orderedText" || type === "fixedText";

const MAX_LISTED = 500;
/** Of `in`, which names records one by one: a page of them. */
const MAX_NAMED = 100;

/**
 * A condition as SQL.
 * @throws DomainError bad_request naming the parameter, when its value is none
 */
export function conditionSql(given: Condition, field: ListField, parameter = given.field): Prisma.Sql {
  const condition = { ...given, value: given.value.normalize("NFC"), parameter };
  if (condition.value.includes("\0")) throw badValue(condition, "holds a character that no text can hold");
  const most = condition.operator === "in" ? MAX_NAMED : condition.operator === "include" ? MAX_LISTED : Infinity;
  if (condition.value.split(",").length > most) throw badValue(condition, `takes at most ${most} values`);
  const isSwitch =
    condition.operator === "true" || condition.operator === "false" || NULLNESS.includes(condition.operator);
  if (isSwitch && condition.value !== "1" && condition.value !== "true")
    throw badValue(condition, "takes 1 as its value");
  return comparison(condition, field);
}
