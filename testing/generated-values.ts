import fc from "fast-check";

import type { JsonSchema } from "@/lib/public-api/document/open-api";

/** What the generated requests may name. */
export interface World {
  readonly keys: readonly string[];
  readonly accountTokens: readonly string[];
  /** By resource: own and foreign ones. */
  readonly ids: Readonly<Record<string, readonly number[]>>;
  /** Cursors that answers gave; grows while the requests run. */
  readonly cursors: string[];
}
const HOSTILE = [
  "",
  " ",
  "0",
  "-1",
  "1.5",
  "2147483648",
  "99999999999999999999",
  "null",
  "NaN",
  "'; DROP TABLE vehicles; --",
  "%",
  "_",
  "\\",
  "🚗",
  "é".repeat(300),
  "../../etc/passwd",
  "{{7*7}}",
  "a\u0000b",
  "\ud800",
  "true",
  "[]",
  "2026-02-30",
  "9999-12-31T23:59:59+15:00",
];
export const INSTANTS = [
  "2026-11-22",
  "2026-11-22T10:00:00Z",
  "2026-11-22 10:00:00+02:00",
  "1970-01-01T00:00:00.123456Z",
  "2026-11-22T10:00:00 02:00",
];

export const sometimes = <T>(chance: number, then: fc.Arbitrary<T>, otherwise: fc.Arbitrary<T>) =>
  fc.oneof({ weight: chance, arbitrary: then }, { weight: 100 - chance, arbitrary: otherwise });
export const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "grapheme", maxLength: 40 }));

export function valueOf(schema: JsonSchema, name: string, world: World): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valueOf(one, name, world)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? ["string"]);
  return fc.oneof(...types.map((type) => typedValue(type, schema, name, world)));
}

function typedValue(type: string, schema: JsonSchema, name: string, world: World): fc.Arbitrary<unknown> {
  const pool =
    world.ids[`${name.replace(/_id$/, "").replace(/y$/, "ie")}s`] ?? world.ids[`${name.replace(/_id$/, "")}es`];
  switch (type) {
    case "object":
      return schema.properties
        ? bodyOf(schema, world)
        : fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
    case "array":
      return fc.array(valueOf(schema.items ?? {}, name, world), { maxLength: 4 });
    case "integer":
      return name.endsWith("_id") && pool?.length
        ? fc.constantFrom(...pool)
        : fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 3000, 3000) });
    case "number":
      return fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.double({ noNaN: true, min: 0, max: 100_000 }));
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      if (schema.format) return fc.constantFrom(...INSTANTS.slice(0, schema.format === "date" ? 1 : undefined));
      return fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), hostile, fc.nat(99_999).map(String));
  }
}

/** Fields as the schema has them, most of those that must be there, now and then something else. */
export function bodyOf({ properties = {}, required = [] }: JsonSchema, world: World): fc.Arbitrary<object> {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const value = sometimes(6, fc.jsonValue({ maxDepth: 3 }), valueOf(schema, name, world));
    return [name, fc.option(value, { freq: required.includes(name) ? 30 : 1, nil: undefined })] as const;
  });
  return fc
    .record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>)
    .map((body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)));
}

/** The document's own example, of records that exist, now and then with a field more. */
export function likeExample(example: object, schema: JsonSchema, world: World): fc.Arbitrary<object> {
  const fields = Object.entries(example).map(([name, value]) => {
    const isId = name.endsWith("_id");
    const varied =
      name === "name" ? fc.nat(999_999).map((number) => `${String(value)} ${number}`) : fc.constant(value as unknown);
    return [name, isId ? typedValue("integer", schema.properties?.[name] ?? {}, name, world) : varied] as const;
  });
  const more = bodyOf(schema, world).map((body) => Object.fromEntries(Object.entries(body).slice(0, 2)));
  const exact = fc.record(Object.fromEntries(fields));
  return fc.tuple(sometimes(30, more, fc.constant({})), exact).map(([added, base]) => ({ ...base, ...added }));
}

const nested = (depth: number) => Buffer.from(`${"[".repeat(depth)}${"]".repeat(depth)}`);
const BROKEN_BODIES = [
  "",
  "{",
  "null",
  "[]",
  '"text"',
  '{"name":"\\u0000"}',
  '{"name":"\\ud800"}',
  '{"__proto__":{"admin":true},"constructor":1}',
  "{}{}",
  '{"a":1e999}',
].map((text) => Buffer.from(text));
export const brokenBody = fc.oneof(
  fc.constantFrom(
    ...BROKEN_BODIES,
    nested(20),
    nested(21),
    nested(5000),
    Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    Buffer.alloc(256 * 1024, "a"),
    Buffer.alloc(256 * 1024 + 1, "a"),
  ),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)),
);
