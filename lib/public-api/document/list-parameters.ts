import { takesOperator } from "../lists/list-fields";
import { FILTER_OPERATORS, LEGACY_PREDICATES } from "../lists/list-input";
import type { FieldType, ListDefinition, ListField, Operator } from "../lists/list-definition";
import { parameterRef, type JsonSchema, type Parameter, type Reference } from "./open-api";

const VALUES: Readonly<Record<FieldType, JsonSchema>> = {
  text: { type: "string" },
  orderedText: { type: "string" },
  fixedText: { type: "string" },
  textInObject: { type: "string" },
  textList: { type: "string" },
  timestamp: { type: "string", examples: ["2026-11-22T10:00:00Z"] },
  integer: { type: "string", pattern: "^\\s*-?\\d{1,18}\\s*$", examples: ["17"] },
  boolean: { type: "string", enum: ["true", "false", "1", "0"] },
};

const SWITCHES: readonly Operator[] = ["true", "false", "present", "null"];

function valueOf(type: FieldType, operator: Operator): JsonSchema {
  if (SWITCHES.includes(operator)) return { type: "string", enum: ["1", "true"] };
  if (operator === "in") return { type: "string", description: "At most 100 ids, with commas between." };
  return operator === "include"
    ? { type: "string", description: "Several values, with commas between." }
    : VALUES[type];
}

const ORDER: JsonSchema = { type: "string", enum: ["asc", "desc"] };

function deepObject(name: string, description: string, properties: Readonly<Record<string, JsonSchema>>): Parameter {
  return {
    name,
    in: "query",
    description,
    style: "deepObject",
    explode: true,
    schema: { type: "object", properties, additionalProperties: false },
  };
}

/** What may be filtered by, the number of the record first. */
function fieldsOf({ id, filters }: ListDefinition): (readonly [name: string, field: ListField])[] {
  return [["id", { column: id, type: "integer" }], ...Object.entries(filters)];
}

function filtersOf(list: ListDefinition): Parameter[] {
  return fieldsOf(list).map(([field, definition]) => {
    const operators = FILTER_OPERATORS.filter((operator) => takesOperator(list, field, definition, operator));
    const properties = Object.fromEntries(operators.map((operator) => [operator, valueOf(definition.type, operator)]));
    return deepObject(
      `filter[${field}]`,
      `Only records whose ${field} compares so, such as \`filter[${field}][${operators[0] ?? ""}]=…\`.`,
      properties,
    );
  });
}

function sortOf({ sorts }: ListDefinition): Parameter {
  const properties = Object.fromEntries(["id", ...Object.keys(sorts)].map((field) => [field, ORDER]));
  return deepObject(
    "sort",
    "The order, such as `sort[id]=asc`; without it the newest come first. Several order one after the other, each its own way.",
    properties,
  );
}

function legacyOf(list: ListDefinition): Parameter {
  const predicates = fieldsOf(list).flatMap(([field, definition]) =>
    LEGACY_PREDICATES.filter(([, operator]) => takesOperator(list, field, definition, operator)).map(
      ([suffix, operator]) => [`${field}${suffix}`, valueOf(definition.type, operator)] as const,
    ),
  );
  const orders = ["id", ...Object.keys(list.sorts)].flatMap((field) => [`${field} asc`, `${field} desc`]);
  const properties = { ...Object.fromEntries(predicates), s: { type: "string", enum: orders } };
  return deepObject(
    "q",
    "Filters and order as version 2023-03-01 writes them, such as `q[created_at_gteq]=…&q[s]=id+asc`. Later versions take them too. Several fields are joined by `_or_` (`q[name_or_vin_cont]=…`): one of them has to match.",
    properties,
  );
}

export const PAGE_PARAMETERS: Readonly<Record<string, Parameter>> = {
  PerPage: {
    name: "per_page",
    in: "query",
    description:
      "Records a page, 50 unless it is said, and 100 in version 2023-03-01; what is outside of 1 to 100 counts as the nearest inside.",
    schema: { type: "integer", minimum: 1, maximum: 100 },
  },
  StartCursor: {
    name: "start_cursor",
    in: "query",
    description: "The `next_cursor` of the page before. It carries filters and order.",
    schema: { type: "string" },
  },
  NextCursor: {
    name: "next_cursor",
    in: "query",
    description: "Another name of `start_cursor`.",
    schema: { type: "string" },
  },
  Page: {
    name: "page",
    in: "query",
    description: "For lists that a version answers as an array: the page, from 1.",
    schema: { type: "integer", minimum: 1, default: 1 },
  },
};

/** Of a list in which there is never anything. */
const ANYTHING: readonly Parameter[] = [
  ["filter", "Any filter, such as `filter[updated_at][gt]=2026-01-01`: there is nothing that it could leave out."],
  ["sort", "Any order, such as `sort[updated_at]=asc`."],
  ["q", "Any filter and order as version 2023-03-01 writes them."],
].map(([name = "", description = ""]) => ({
  name,
  in: "query",
  description,
  style: "deepObject",
  explode: true,
  schema: { type: "object", additionalProperties: true },
}));

/** All that a list is asked by. Names that filter or sort and are not here are refused with 400; others are ignored. */
export function listParameters(list: ListDefinition): (Parameter | Reference)[] {
  if (list.isAlwaysEmpty === true) return [...Object.keys(PAGE_PARAMETERS).map(parameterRef), ...ANYTHING];
  const flags = (list.flags ?? []).map((flag): Parameter => ({
    name: flag,
    in: "query",
    description: "On with 1, off with 0.",
    schema: { type: "string", enum: ["1", "0", "true", "false"] },
  }));
  return [
    ...Object.keys(PAGE_PARAMETERS).map(parameterRef),
    ...flags,
    ...filtersOf(list),
    sortOf(list),
    legacyOf(list),
  ];
}
