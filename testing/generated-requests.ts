import fc from "fast-check";

import {
  resolved,
  type HttpMethod,
  type JsonSchema,
  type OpenApiDocument,
  type Operation,
  type Parameter,
} from "@/lib/public-api/document/open-api";
import { bodyOf, brokenBody, hostile, INSTANTS, likeExample, sometimes, valueOf, type World } from "./generated-values";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";

export interface GeneratedRequest {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn, as they go over the wire: a name may come twice. */
  readonly headers: readonly string[];
  readonly body: Buffer | null;
}

const BROKEN_IDS = [
  "0",
  "-1",
  "007",
  "1.5",
  "2147483647",
  "2147483648",
  "99999999999999999999",
  "abc",
  "%00",
  "%ff",
  "%2e%2e",
  "vin:",
  "vin:1FTFW1ET5DFC10312",
  "VIN%3a1FT",
  "1;2",
  "%F0%9F%9A%97",
];
function queryOf(parameters: readonly Parameter[], world: World): fc.Arbitrary<string> {
  const pairs = parameters
    .filter((parameter) => parameter.in === "query")
    .flatMap(({ name, style, schema }) => {
      if (style !== "deepObject") return [fc.tuple(fc.constant(name), textOf(name, schema, world))];
      const properties = Object.entries(schema.properties ?? {});
      return properties.length === 0
        ? []
        : [
            fc
              .constantFrom(...properties)
              .chain(([key, value]) => fc.tuple(fc.constant(`${name}[${key}]`), textOf(key, value, world))),
          ];
    });
  const unknown = fc.tuple(
    fc.constantFrom(
      "filter[nothing][eq]",
      "filter[id]",
      "filter",
      "sort[secret]",
      "q[s]",
      "q[x_eq]",
      "filter[name][regex]",
      "expand",
      "per",
      "api_key",
      "sort[id]",
      "page",
      "per_page",
      "include_archived",
    ),
    hostile,
  );
  const chosen =
    pairs.length === 0
      ? fc.array(unknown, { maxLength: 1 })
      : fc.array(fc.oneof({ weight: 9, arbitrary: fc.oneof(...pairs) }, { weight: 1, arbitrary: unknown }), {
          maxLength: 3,
        });
  return fc
    .tuple(chosen, fc.boolean())
    .map(([list, encoded]) =>
      list
        .map(
          ([name, value]) =>
            `${encoded ? encodeURIComponent(name) : name}=${encodeURIComponent(Buffer.from(value).toString())}`,
        )
        .join("&"),
    );
}

function textOf(name: string, schema: JsonSchema, world: World): fc.Arbitrary<string> {
  if (name.endsWith("_cursor"))
    return fc.oneof(
      fc.nat().map((index) => world.cursors[index % world.cursors.length] ?? "none"),
      hostile,
      fc.nat().map((index) => `${world.cursors[index % world.cursors.length] ?? ""}x`),
    );
  const instants = schema.examples?.some((example) => String(example).includes("T"))
    ? [fc.constantFrom(...INSTANTS)]
    : [];
  return sometimes(
    12,
    hostile,
    fc.oneof(...instants, valueOf(schema.pattern ? { type: "integer" } : schema, name, world).map(String)),
  );
}

function authorizationOf(world: World): fc.Arbitrary<string[]> {
  const key = fc.constantFrom(...world.keys);
  const spelled = fc
    .tuple(
      fc.constantFrom(
        (token: string) => `Token ${token}`,
        (token: string) => `Token token="${token}"`,
        (token: string) => `token token=${token}`,
        (token: string) => `BEARER ${token}`,
      ),
      key,
    )
    .map(([spell, token]) => ["Authorization", spell(token)]);
  const broken = fc.oneof(
    fc.constant([]),
    key.map((token) => ["Authorization", token]),
    key.map((token) => ["Authorization", `Token ${token}`, "authorization", `Token ${token}`]),
    fc
      .constantFrom("", "Token", "Basic YTpi", "Token fah_x", `Token ${"a".repeat(5000)}`)
      .map((value) => ["Authorization", value]),
  );
  return sometimes(8, broken as fc.Arbitrary<string[]>, spelled);
}

function headersOf(world: World, writes: boolean): fc.Arbitrary<string[]> {
  const account = fc.constantFrom(...world.accountTokens);
  const parts: fc.Arbitrary<string[]>[] = [
    authorizationOf(world),
    sometimes(
      10,
      fc.oneof(
        fc.constantFrom<string[]>([], ["Account-Token", "ffffffffff"]),
        account.map((token) => ["Account-Token", token, "ACCOUNT-TOKEN", token]),
      ),
      account.map((token) => ["Account-Token", token]),
    ),
    sometimes(
      40,
      fc.constantFrom(...API_VERSIONS, "2019-01-01", "", "latest").map((version) => ["X-Api-Version", version]),
      fc.constant([]),
    ),
    sometimes(
      20,
      fc
        .constantFrom("mine", "a b", "x".repeat(200), "ümlaut")
        .map((id) => ["X-Request-Id", Buffer.from(id).toString("latin1")]),
      fc.constant([]),
    ),
    writes
      ? sometimes(
          15,
          fc.constantFrom("again", "", "k".repeat(256), "other").map((id) => ["Idempotency-Key", id]),
          fc.constant([]),
        )
      : fc.constant([]),
    writes
      ? sometimes(
          6,
          fc.constantFrom<string[]>(
            [],
            ["Content-Type", "text/plain"],
            ["Content-Type", "application/json; charset=latin1"],
            ["Content-Type", "application/vnd.api+json"],
          ),
          fc.constant(["Content-Type", "application/json"]),
        )
      : fc.constant([]),
  ];
  return fc.tuple(...parts).map((lists) => lists.flat());
}

function pathOf(template: string, world: World): fc.Arbitrary<string> {
  const resource = template.split("/")[1] ?? "";
  const ids = world.ids[resource] ?? [];
  const id = sometimes(
    12,
    fc.constantFrom(...BROKEN_IDS),
    ids.length === 0 ? fc.constant("1") : fc.constantFrom(...ids).map(String),
  );
  const base = sometimes(
    3,
    fc.constantFrom("/api/v3", "/api//", "/api/v11"),
    fc.constantFrom("/api/v1", "/api/v2", "/api"),
  );
  return fc
    .tuple(base, id, sometimes(5, fc.constantFrom("/", "//", "/nowhere", "/%2e%2e"), fc.constant("")))
    .map(([prefix, one, end]) => prefix + template.replace("{id}", one) + end);
}

const ODD_METHODS = ["PUT", "DELETE", "POST", "HEAD", "OPTIONS", "TRACE", "PROPFIND"];

function requestOf(
  document: OpenApiDocument,
  world: World,
  {
    template,
    method,
    operation,
  }: { readonly template: string; readonly method: string; readonly operation: Operation },
): fc.Arbitrary<GeneratedRequest> {
  const parameters = operation.parameters.map((parameter) => resolved<Parameter>(document, parameter));
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const example = operation.requestBody?.content["application/json"]?.example ?? {};
  const good = schema
    ? fc
        .oneof(bodyOf(schema, world), likeExample(example, schema, world))
        .map((body) => Buffer.from(JSON.stringify(body)))
    : fc.constant(null);
  const usedMethod = sometimes(4, fc.constantFrom(...ODD_METHODS), fc.constant(method.toUpperCase()));
  return fc
    .record({
      method: usedMethod,
      path: pathOf(template, world),
      query: queryOf(parameters, world),
      headers: headersOf(world, method !== "get"),
      body: sometimes(12, brokenBody as fc.Arbitrary<Buffer | null>, good),
    })
    .map(({ query, path, body, ...rest }) => ({ ...rest, path: query === "" ? path : `${path}?${query}`, body }));
}

/** Requests as the document describes them, and as it does not. */
export function generatedRequests(document: OpenApiDocument, world: World): fc.Arbitrary<GeneratedRequest> {
  const all = Object.entries(document.paths).flatMap(([template, item]) =>
    (Object.entries(item) as [HttpMethod, Operation][]).map(([method, operation]) => {
      // The lists that are always empty are many, and alike.
      const weight = operation.description.includes("always empty") ? 1 : 18;
      return { weight, arbitrary: requestOf(document, world, { template, method, operation }) };
    }),
  );
  return fc.oneof(...all);
}
