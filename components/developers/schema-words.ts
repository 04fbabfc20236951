import type { JsonSchema } from "@/lib/public-api/document/open-api";

const FORMATS: Readonly<Record<string, string>> = { "date-time": "time", date: "date" };

/** "text or null", "one of `km`, `mi`", "list of texts": a schema in words. */
export function typeWords(schema: JsonSchema): string {
  if (schema.$ref) return linkedName(schema.$ref);
  if (schema.const !== undefined) return `always \`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return enumWords(schema.enum);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeWords))].join(" or ");
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? ["any"]);
  return types.map((type) => oneType(type, schema)).join(" or ");
}

export function linkedName($ref: string): string {
  return $ref.split("/").at(-1) ?? $ref;
}

function enumWords(values: readonly unknown[]): string {
  const named = values.filter((value) => value !== null && value !== "").map((value) => `\`${String(value)}\``);
  const words = named.length === 1 ? named.join() : `one of ${named.join(", ")}`;
  return values.includes(null) ? `${words} or null` : words;
}

function oneType(type: string, schema: JsonSchema): string {
  switch (type) {
    case "string":
      return FORMATS[schema.format ?? ""] ?? (schema.pattern?.startsWith("^-?\\d+(") ? "number as text" : "text");
    case "array":
      return schema.maxItems === 0 ? "empty list" : `list of ${typeWords(schema.items ?? {})}`;
    case "integer":
      return "whole number";
    case "boolean":
      return "true or false";
    default:
      return type;
  }
}

/** The fields of an object, whether it may be null or not; empty for anything else. */
export function fieldsOf(schema: JsonSchema): [string, JsonSchema][] {
  const object = schema.properties ? schema : schema.anyOf?.find(({ properties }) => properties);
  return Object.entries(object?.properties ?? {});
}
