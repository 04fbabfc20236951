import { z } from "zod";

import { API_VERSIONS, type ApiVersion } from "../versions/api-versions";
import { listsAsArray, stepDown } from "../versions/step-down";
import { schemaRef, type JsonSchema } from "./open-api";

export function inputSchema(schema: z.ZodType): JsonSchema {
  return withoutDialect(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
}

export function outputSchema(schema: z.ZodType): JsonSchema {
  return withoutDialect(z.toJSONSchema(schema, { io: "output", unrepresentable: "any" }));
}

/** The document names the dialect for all; an integer's limits of JavaScript say nothing to others. */
function withoutDialect(schema: object): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === "$schema" || (key === "maximum" && value === Number.MAX_SAFE_INTEGER) ? undefined : value,
  );
  return JSON.parse(text) as JsonSchema;
}

/** "vehicle_types" → "vehicle type" */
export function singular(resource: string): string {
  const words = resource.replaceAll("_", " ");
  if (words.endsWith("ies")) return `${words.slice(0, -3)}y`;
  return words.endsWith("statuses") ? words.slice(0, -2) : words.replace(/s$/, "");
}

/** "vehicle_types" → "VehicleType" */
export function schemaName(resource: string): string {
  return singular(resource).replace(/(?:^|\s)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

interface Shaped {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly versions: readonly ApiVersion[];
}

/** A resource's record (by its title, where there are two) as each version has it, newest first; the step that turns the record turns the schema's properties too. */
export function shapesOf(resource: string, newest: JsonSchema): Shaped[] {
  const ownName = newest.title ?? schemaName(resource);
  const shapes: { name: string; schema: JsonSchema; versions: ApiVersion[] }[] = [];
  for (const version of API_VERSIONS.toReversed()) {
    const properties =
      newest.properties && (stepDown(resource, version, newest.properties) as Record<string, JsonSchema>);
    const names = JSON.stringify(Object.keys(properties ?? {}));
    const same = shapes.find(({ schema }) => JSON.stringify(Object.keys(schema.properties ?? {})) === names);
    if (same) same.versions.push(version);
    else {
      const schema = properties ? { ...newest, properties, required: Object.keys(properties) } : newest;
      shapes.push({
        name: shapes.length === 0 ? ownName : `${ownName}.${version}`,
        schema,
        versions: [version],
      });
    }
  }
  return shapes;
}

/** One of several, by version; a single one says nothing of versions. */
export function byVersion(
  alternatives: readonly { readonly schema: JsonSchema; readonly versions: readonly string[] }[],
): JsonSchema {
  const [first, ...rest] = alternatives;
  if (first && rest.length === 0) return first.schema;
  return { anyOf: alternatives.map(({ schema, versions }) => ({ ...schema, "x-api-versions": versions })) };
}

export const CURSOR_PAGE: JsonSchema = {
  type: "object",
  description: "A page of a list. Follow `next_cursor` until it is null.",
  properties: {
    start_cursor: { type: "string" },
    current_cursor: { type: "string", description: "The same as `start_cursor`." },
    next_cursor: { type: ["string", "null"], description: "Null on the last page." },
    per_page: { type: "integer", minimum: 1, maximum: 100 },
    estimated_remaining_count: {
      type: "integer",
      minimum: 0,
      maximum: 500,
      description: "With the records of this page; counted no further than 500.",
    },
    filtered_by: { type: "array", items: { type: "object" } },
    sorted_by: { type: "array", items: { type: "object" } },
    records: { type: "array" },
  },
  required: [
    "start_cursor",
    "current_cursor",
    "next_cursor",
    "per_page",
    "estimated_remaining_count",
    "filtered_by",
    "sorted_by",
    "records",
  ],
  additionalProperties: false,
};

/** A list as each version answers it: by cursor, or as a bare array. */
export function listSchema(resource: string, shapes: readonly Shaped[], isAlwaysEmpty: boolean): JsonSchema {
  const groups = new Map<string, { schema: JsonSchema; versions: string[] }>();
  for (const version of API_VERSIONS.toReversed()) {
    const asArray = listsAsArray(resource, version);
    const shape = shapes.find(({ versions }) => versions.includes(version));
    const key = `${asArray} ${shape?.name}`;
    const group = groups.get(key);
    if (group) group.versions.push(version);
    else {
      const records: JsonSchema = isAlwaysEmpty
        ? { type: "array", maxItems: 0 }
        : { type: "array", items: schemaRef(shape?.name ?? "") };
      const schema = asArray
        ? records
        : { allOf: [schemaRef("CursorPage"), { type: "object", properties: { records } }] };
      groups.set(key, { schema, versions: [version] });
    }
  }
  return byVersion([...groups.values()]);
}
