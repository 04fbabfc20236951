import type { Prisma } from "@/lib/platform/database/db";

/** How a column compares, and how a value for it is written. */
export type FieldType =
  | "text"
  /** Text that also has an index by which it is less or more than another. */
  | "orderedText"
  | "fixedText"
  | "timestamp"
  | "integer"
  | "boolean"
  | "textInObject"
  | "textList";

export interface ListField {
  /** As the index has it. For `textInObject` a JSON object: its values are what is compared, by the indexes of its list. */
  readonly column: Prisma.Sql;
  readonly type: FieldType;
  /** Of a number that is one of few: `like` and `matches` compare each of them as it is written. */
  readonly range?: readonly [from: number, to: number];
  /** Of a column in another table of the account: what a condition on it says of the list's own table. */
  readonly through?: (condition: Prisma.Sql, accountId: number) => Prisma.Sql;
}

/** What a list can be filtered and sorted by: the names that a caller may write, and the SQL they stand for. */
export interface ListDefinition {
  /** As in the path; a version may list it in another shape. */
  readonly resource: string;
  /** Tells several lists of one resource apart: a cursor of one is none of the others. */
  readonly scope?: string;
  readonly id: Prisma.Sql;
  readonly filters: Readonly<Record<string, ListField>>;
  /** Never NULL (write COALESCE into the column and its index): NULL breaks a row comparison. `id` is always there. */
  readonly sorts: Readonly<Record<string, ListField>>;
  /** Parameters that are on or off, such as `include_archived`; the query asks which are on. */
  readonly flags?: readonly string[];
  /** There is never anything in it: whatever is well-formed is understood, since no answer to it could be wrong. */
  readonly isAlwaysEmpty?: true;
}

export const OPERATORS = [
  "eq",
  "like",
  "include",
  "in",
  "lt",
  "lte",
  "gt",
  "gte",
  "matches",
  "true",
  "false",
  "present",
  "null",
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
}

export const DIRECTIONS = ["asc", "desc"] as const;

export interface Order {
  readonly field: string;
  readonly direction: (typeof DIRECTIONS)[number];
}

/** One after the other. */
export type Sort = readonly Order[];

/** Everything a caller says of a list. */
export interface ListRequest {
  readonly conditions: readonly Condition[];
  /** Those that are on. */
  readonly flags: readonly string[];
  readonly sort: Sort;
  readonly perPage: number;
  readonly place:
    | { readonly by: "cursor"; readonly after: readonly string[] | null }
    | { readonly by: "page"; readonly page: number };
}

interface ReadTogether {
  /** How far the account's changes had come when these rows were read, in the same snapshot. */
  readonly changePlace: string;
}

export type ListPage<Row> = ReadTogether &
  (
    | {
        readonly by: "cursor";
        readonly rows: readonly Row[];
        readonly after: readonly string[] | null;
        readonly next: readonly string[] | null;
        /** With the rows of this page; counted no further than 500. */
        readonly remaining: number;
      }
    | { readonly by: "page"; readonly rows: readonly Row[]; readonly page: number; readonly total: number }
  );
