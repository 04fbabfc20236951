import { DomainError } from "@/lib/platform/errors";
import type { JsonSchema, Parameter } from "../document/open-api";
import type { InputReader } from "./parse";

/** One parameter behind the address: what the document says of it, and how it is read. */
export interface QueryField<Value> {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  /** Null where it cannot be understood; then `complaint` says what it must be. */
  readonly read: (text: string | null) => { readonly value: Value } | null;
  readonly complaint: string;
}

type QueryFields = Readonly<Record<string, QueryField<unknown>>>;
export type QueryOf<Fields extends QueryFields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends QueryField<infer Value> ? Value : never;
};

export function textOf(description: string, pattern: RegExp, complaint: string): QueryField<string> {
  return {
    description,
    schema: { type: "string", pattern: pattern.source },
    required: true,
    read: (text) => (text !== null && pattern.test(text) ? { value: text } : null),
    complaint,
  };
}

/** Out of bounds it counts as the nearest inside, as the number of records a page does. */
export function wholeNumber(
  description: string,
  { least, most, otherwise }: { readonly least: number; readonly most: number; readonly otherwise: number },
): QueryField<number> {
  return {
    description,
    schema: { type: "integer", minimum: least, maximum: most, default: otherwise },
    required: false,
    read: (text) => {
      if (text === null || text === "") return { value: otherwise };
      return /^-?\d{1,9}$/.test(text) ? { value: Math.min(most, Math.max(least, Number(text))) } : null;
    },
    complaint: `must be a whole number from ${least} to ${most}`,
  };
}

export function oneOf(description: string, names: readonly string[]): QueryField<string | null> {
  return {
    description,
    schema: { type: "string", enum: [...names] },
    required: false,
    read: (text) => (text === null || names.includes(text) ? { value: text } : null),
    complaint: `must be one of ${names.join(", ")}`,
  };
}

/** What would leave something out, or is a filter's name alone: not understood, it must not be ignored. */
const NARROWING = /^(?:filter|sort|q)(?:\[|$)/;

function refuse(name: string, sentence: string): never {
  throw new DomainError("bad_request", `${name} ${sentence}.`, { [name]: [`${sentence}.`] });
}

function refuseUnknown(fields: QueryFields, query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (name in fields) continue;
    if (NARROWING.test(name)) refuse(name, "is not understood here");
    if (`filter[${name}][eq]` in fields) refuse(name, `is not understood here: say filter[${name}][eq]`);
  }
}

/** Parameters that are no list's. */
export function readQuery<Fields extends QueryFields, Input>(
  fields: Fields,
  take: (query: QueryOf<Fields>) => Input,
): InputReader<Input> {
  const query = Object.entries(fields).map(([name, { description, schema, required }]): Parameter => ({
    name,
    in: "query",
    description,
    ...(required && { required }),
    schema,
  }));
  return {
    query,
    read: ({ query: given }) => {
      refuseUnknown(fields, given);
      const read = Object.entries(fields).map(([name, field]) => {
        const understood = field.read(given.get(name));
        return [name, understood === null ? refuse(name, field.complaint) : understood.value] as const;
      });
      return take(Object.fromEntries(read) as QueryOf<Fields>);
    },
  };
}
