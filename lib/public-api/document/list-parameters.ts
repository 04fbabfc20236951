import { allowsOperator } from "../lists/conditions";
import { FILTER_OPERATORS, LEGACY_PREDICATES } from "../lists/list-input";
import type { FieldType, ListDefinition, Operator } from "../lists/list-definition";
import { parameterRef, type JsonSchema, type Parameter, type Reference } from "./open-api";

const VALUES: Readonly<Record<FieldType, JsonSchema>> = {
  text: { type: "string" },
  fixedText: { type: "string" },
  textInObject: { type: "string" },
  timestamp: { type: "string", examples: ["2026-11-22T10:00:00Z"] },
  integer: { type: "string", pattern: "^\\s*-?\\d{1,18}\\s*$", examples: ["17"] },
  boolean: { type: "string", enum: ["true", "false", "1", "0"] },
};

const SWITCHES: readonly Operator[] = ["true", "false", "present", "null"];

function valueOf(type: FieldType, operator: Operator): JsonSchema {
  if (SWITCHES.includes(operator)) return { type: "string", enum: ["1", "true"] };
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

function filtersOf({ filters }: ListDefinition): Parameter[] {
  return Object.entries(filters).map(([field, { type }]) => {
    const operators = FILTER_OPERATORS.filter((operator) => allowsOperator(type, operator));
    const properties = Object.fromEntries(operators.map((operator) => [operator, valueOf(type, operator)]));
    return deepObject(
      `filter[${field}]`,
      `Only records whose ${field} compares so: ${operators.map((operator) => `\`filter[${field}][${operator}]=…\``).join(", ")}.`,
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

function legacyOf({ filters, sorts }: ListDefinition): Parameter {
  const predicates = Object.entries(filters).flatMap(([field, { type }]) =>
    LEGACY_PREDICATES.filter(([, operator]) => allowsOperator(type, operator)).map(
      ([suffix, operator]) => [`${field}${suffix}`, valueOf(type, operator)] as const,
    ),
  );
  const orders = ["id", ...Object.keys(sorts)].flatMap((field) => [`${field} asc`, `${field} desc`]);
  const properties = { ...Object.fromEntries(predicates), s: { type: "string", enum: orders } };
  return deepObject(
    "q",
    "Filters and order as version 2023-03-01 writes them, such as `q[created_at_gteq]=…&q[s]=id+asc`. Later versions take them too.",
    properties,
  );
}

export const PAGE_PARAMETERS: Readonly<Record<string, Parameter>> = {
  PerPage: {
    name: "per_page",
    in: "query",
    description: "Records a page; what is outside of 1 to 100 counts as the nearest inside.",
    schema: { type: "integer", minimum: 1, maximum: 100, default: 50 },
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

/** All that a list is asked by. Names that filter or sort and are not here are refused with 400; others are ignored. */
export function listParameters(list: ListDefinition): (Parameter | Reference)[] {
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
