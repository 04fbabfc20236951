import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { z } from "zod";

import { ruleOf } from "@/lib/auth/permissions";
import { ENDPOINTS } from "@/server/api";
import { describeApi, templateOf } from "./describe-api";
import { inputSchema } from "./json-schemas";
import { resolved, type HttpMethod, type JsonSchema, type Parameter, type Reference, type Response } from "./open-api";

const document = describeApi(ENDPOINTS, "https://hub.example.com");
const operations = Object.entries(document.paths).flatMap(([template, item]) =>
  Object.entries(item).map(([method, operation]) => ({ address: `${method.toUpperCase()} ${template}`, operation })),
);
const operationOf = (template: string, method: HttpMethod) => {
  const operation = document.paths[template]?.[method];
  if (!operation) throw new Error(`${method} ${template} is not described`);
  return operation;
};
const parametersOf = (template: string) =>
  operationOf(template, "get").parameters.map((parameter) => resolved<Parameter>(document, parameter));

function complaintsAt(body: z.ZodType, name: string, value: unknown): string[] {
  const { error } = body.safeParse({ [name]: value });
  return error?.issues.filter(({ path }) => path[0] === name).map(({ message }) => message) ?? [];
}

describe("the document", () => {
  it("has every endpoint of the table and nothing else", () => {
    expect(operations.map(({ address }) => address).sort()).toEqual(
      ENDPOINTS.map(({ method, path }) => `${method} ${templateOf(path)}`).sort(),
    );
  });

  it("says what each of them answers: only a DELETE, an archive, a restore and a leak report have no body", () => {
    const silent = operations.filter(
      ({ operation }) =>
        !["200", "201"].some((status) => "content" in resolved<object>(document, operation.responses[status] ?? {})),
    );
    const others = silent.map(({ address }) => address).filter((address) => !address.startsWith("DELETE "));
    expect(others.filter((address) => !/\/(archive|restore)$/.test(address))).toEqual(["POST /api_keys/revoke_leaked"]);
    expect(others).toHaveLength(5);
    expect(silent.every(({ operation }) => "204" in operation.responses)).toBe(true);
  });

  it("names the scope that each needs, as the table of permissions has it", () => {
    for (const endpoint of ENDPOINTS) {
      const { scope } = ruleOf(endpoint.permission);
      const { security } = operationOf(templateOf(endpoint.path), endpoint.method.toLowerCase() as HttpMethod);
      const wanted = scope === null || scope === "any" ? [] : [scope];
      expect(security).toEqual(endpoint.contract.account === null ? [] : [{ Token: wanted }, { Bearer: wanted }]);
    }
  });

  it("has no switch that takes null for no: null says nothing", () => {
    const bodies = ENDPOINTS.flatMap(({ path, contract: { input } }) =>
      input.body ? [{ path, body: input.body }] : [],
    );
    const tried = bodies.flatMap(({ path, body }) =>
      Object.entries(inputSchema(body).properties ?? {})
        .filter(([, { type }]) => type === "boolean")
        .map(([name]) => ({ path, name, complaints: complaintsAt(body, name, null) })),
    );
    expect(tried.length).toBeGreaterThan(30);
    expect(tried.filter(({ complaints }) => !complaints.includes("must be true or false, not null"))).toEqual([]);
  });

  it("has an operation id for each, twice for none, and every reference leads somewhere", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, $ref = ""]) => $ref);
    expect(references.length).toBeGreaterThan(100);
    for (const $ref of new Set(references)) expect(resolved(document, { $ref }), $ref).toBeTypeOf("object");
  });

  it("holds schemas that are schemas", () => {
    const ajv = new Ajv2020({ strict: false });
    for (const schema of Object.values(document.components.schemas))
      expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
  });

  it("asks for the account where the account is named, and for it alone", () => {
    const asksFor = (template: string) => parametersOf(template).some(({ name }) => name === "Account-Token");
    expect(["/vehicles", "/contacts/{id}", "/issues"].every(asksFor)).toBe(true);
    expect(["/accounts", "/users/me", "/api_key", "/openapi.json"].some(asksFor)).toBe(false);
  });

  it("tells filters, orders and the older spelling of a list from its definition", () => {
    const parameters = parametersOf("/vehicle_assignments");
    const propertiesOf = (name: string) =>
      Object.keys(parameters.find((parameter) => parameter.name === name)?.schema.properties ?? {});
    expect(propertiesOf("filter[contact_id]")).toEqual(["eq", "include", "lt", "lte", "gt", "gte"]);
    expect(propertiesOf("sort")).toEqual([
      "id",
      "vehicle_id",
      "contact_id",
      "started_at",
      "ended_at",
      "created_at",
      "updated_at",
    ]);
    expect(propertiesOf("q")).toEqual(expect.arrayContaining(["started_at_gteq", "contact_id_eq", "s"]));
    expect(parametersOf("/vehicles").map(({ name }) => name)).toContain("include_archived");
  });

  it("has one shape of a vehicle for all versions, and those that list as an array", () => {
    const { Vehicle, ...others } = document.components.schemas;
    expect(Vehicle?.required).toEqual(expect.arrayContaining(["primary_meter_unit", "meter_unit"]));
    expect(Object.keys(others).filter((name) => name.startsWith("Vehicle."))).toEqual([]);
    const responses = operationOf("/accounts", "get").responses["200"];
    const schema = (responses as { content: Record<string, { schema: JsonSchema }> }).content["application/json"]
      ?.schema;
    expect(schema?.anyOf?.map((list) => [list["x-api-versions"], list.type ?? "page"])).toEqual([
      [["2025-05-05", "2024-06-30"], "page"],
      [["2024-03-15", "2024-01-01", "2023-03-01"], "array"],
    ]);
  });

  it("says of the empty collections that they are empty", () => {
    const { description, responses } = operationOf("/work_orders", "get");
    expect(description).toContain("always empty");
    const success = resolved<Response>(document, responses["200"] as Response | Reference);
    expect(JSON.stringify(success)).toContain('"maxItems":0');
  });

  it("has an example for every body, and each fits", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const bodies = operations.flatMap(({ address, operation }) =>
      operation.requestBody ? [{ address, ...operation.requestBody.content["application/json"] }] : [],
    );
    expect(bodies.length).toBeGreaterThan(9);
    for (const { address, schema, example } of bodies)
      expect([address, example !== undefined && ajv.validate(schema ?? false, example), ajv.errors]).toEqual([
        address,
        true,
        null,
      ]);
  });

  // A hundred kilobytes are the collections that are always empty: each is an operation, though all say the same.
  it("is small enough to be read", () => {
    expect(JSON.stringify(document).length).toBeLessThan(340_000);
  });
});
