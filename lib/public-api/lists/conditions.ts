import { Prisma } from "@/lib/platform/db";
import { DomainError } from "@/lib/platform/errors";
import { likeLiteral } from "@/lib/platform/list-page";
import type { Condition, FieldType, ListField, Operator } from "./list-definition";

const COMPARISONS = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;
const NULLNESS: readonly Operator[] = ["present", "null"];

const ALLOWED: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: ["eq", "like", "include", "matches", ...NULLNESS],
  fixedText: ["eq", "include", ...NULLNESS],
  timestamp: ["eq", "lt", "lte", "gt", "gte", ...NULLNESS],
  integer: ["eq", "include", "lt", "lte", "gt", "gte", ...NULLNESS],
  boolean: ["eq", "true", "false", ...NULLNESS],
  textInObject: ["eq", "like", "include", ...NULLNESS],
};

export function allowsOperator(type: FieldType, operator: Operator): boolean {
  return ALLOWED[type].includes(operator);
}

/** Date and time as ISO 8601; a blank in place of the offset's sign is a plus that nobody percent-encoded. */
const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(?: ?(Z)| ?([+\- ])(\d\d)(?::?(\d\d))?)?$/i;

/** The instant in UTC, as PostgreSQL reads it; null when the text is none. Without an offset it is UTC. */
export function readTimestamp(text: string): string | null {
  const parts = TIMESTAMP.exec(text.trim());
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((index) => Number(parts[index] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHours, offsetMinutes] = [Number(parts[10] ?? 0), Number(parts[11] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 15 || offsetMinutes > 59 || year === 0) return null;
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  local.setUTCFullYear(year, month - 1, day);
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return null;
  const sign = parts[9] === "-" ? -1 : 1;
  const instant = new Date(local.getTime() - sign * (offsetHours * 60 + offsetMinutes) * 60_000);
  const year4 = instant.getUTCFullYear();
  if (year4 < 1 || year4 > 9999) return null;
  return `${instant.toISOString().slice(0, 19)}.${(parts[7] ?? "0").slice(0, 6)}Z`;
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
    case "textInObject":
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

function comparison(condition: NamedCondition, { column, type }: ListField): Prisma.Sql {
  if (type === "textInObject") return comparisonInObject(condition, column);
  const { operator, value } = condition;
  switch (operator) {
    case "eq":
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return Prisma.sql`${column} ${Prisma.raw(COMPARISONS[operator])} ${parameter(condition, type, value)}`;
    case "include": {
      const listed = value.split(",").map((item) => parameter(condition, type, item));
      return Prisma.sql`${column} IN (${Prisma.join(listed)})`;
    }
    case "like":
      return Prisma.sql`${column} ILIKE ${`%${likeLiteral(value)}%`}`;
    case "matches":
      // The whole value, and `%` stands for anything; a lone backslash at the end would be an error.
      return Prisma.sql`${column} ILIKE ${value.replaceAll("\\", "\\\\")}`;
    case "true":
    case "false":
      return Prisma.sql`${column} IS ${Prisma.raw(operator.toUpperCase())}`;
    case "null":
      return Prisma.sql`${column} IS NULL`;
    case "present":
      return type === "text" || type === "fixedText" ? Prisma.sql`${column} > ''` : Prisma.sql`${column} IS NOT NULL`;
  }
}

const MAX_LISTED = 500;

/**
 * A condition as SQL.
 * @throws DomainError bad_request naming the parameter, when its value is none
 */
export function conditionSql(given: Condition, field: ListField, parameter = given.field): Prisma.Sql {
  const condition = { ...given, parameter };
  if (condition.value.includes("\0")) throw badValue(condition, "holds a character that no text can hold");
  if (condition.operator === "include" && condition.value.split(",").length > MAX_LISTED) {
    throw badValue(condition, `takes at most ${MAX_LISTED} values`);
  }
  const isSwitch =
    condition.operator === "true" || condition.operator === "false" || NULLNESS.includes(condition.operator);
  if (isSwitch && condition.value !== "1" && condition.value !== "true")
    throw badValue(condition, "takes 1 as its value");
  return comparison(condition, field);
}
