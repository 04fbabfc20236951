import { z } from "zod";

import { ruleOf } from "@/lib/auth/permissions";
import { idInPath } from "@/lib/platform/input-fields";
import type { Endpoint } from "../define-endpoint";
import { answer, json, PAGINATION_HEADERS, successHeaders } from "./answers";
import { byVersion, inputSchema, listSchema, outputSchema, shapesOf } from "./json-schemas";
import { listParameters } from "./list-parameters";
import {
  parameterRef,
  responseRef,
  schemaRef,
  type JsonSchema,
  type Operation,
  type Parameter,
  type Reference,
  type Response,
} from "./open-api";
import { groupOf, nameOf } from "./operation-words";

export interface Described {
  readonly operation: Operation;
  /** The components that it refers to. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

function pathParameters({ path, contract }: Endpoint): Parameter[] {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  return names.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: inputSchema(contract.input.params?.[name] ?? idInPath()),
  }));
}

/** Records carry a tag; pages of them, and what follows the changes, do not. */
function isTagged({ contract }: Endpoint): boolean {
  return contract.account !== null && contract.list === null && !contract.follows;
}

const CONDITIONS: Readonly<Record<string, string>> = {
  GET: "IfNoneMatch",
  POST: "IdempotencyKey",
  PATCH: "IfMatch",
  DELETE: "IfMatch",
};

function headerParameters(endpoint: Endpoint): Reference[] {
  const { method, contract } = endpoint;
  if (contract.account === null) return [parameterRef("RequestId")];
  const account = contract.account === "ownAccount" ? [] : ["AccountToken"];
  const condition = CONDITIONS[method];
  const isConditional = condition !== undefined && (method === "POST" || isTagged(endpoint));
  return [...account, "ApiVersion", "RequestId", ...(isConditional ? [condition] : [])].map(parameterRef);
}

interface Success {
  readonly schema: JsonSchema | null;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly isAlwaysEmpty: boolean;
}

function successOf({ contract: { resource, list, shape } }: Endpoint): Success {
  if (shape === null) return { schema: null, schemas: {}, isAlwaysEmpty: false };
  const isAlwaysEmpty = shape instanceof z.ZodNever;
  const newest = outputSchema(shape);
  if (resource === null) return { schema: newest, schemas: {}, isAlwaysEmpty };
  const shapes = shapesOf(resource, newest);
  const schemas = isAlwaysEmpty ? {} : Object.fromEntries(shapes.map(({ name, schema }) => [name, schema]));
  if (list) return { schema: listSchema(resource, shapes, isAlwaysEmpty), schemas, isAlwaysEmpty };
  return {
    schema: byVersion(shapes.map(({ name, versions }) => ({ schema: schemaRef(name), versions }))),
    schemas,
    isAlwaysEmpty,
  };
}

function successStatus({ method, contract }: Endpoint): "200" | "201" | "204" {
  if (contract.shape === null) return "204";
  return method === "POST" && contract.account !== null ? "201" : "200";
}

/** Which refusals an endpoint can give, by status. */
function refusalsOf(endpoint: Endpoint): Record<string, string> {
  const { method, path, contract } = endpoint;
  const isKeyed = contract.account !== null;
  const writes = method !== "GET";
  return {
    400: "BadRequest",
    ...(isKeyed && { 401: "Unauthorized" }),
    ...((isKeyed || writes) && { 403: isKeyed ? "Forbidden" : "Refused" }),
    ...((path.includes(":") || (!isKeyed && writes)) && { 404: "NotFound" }),
    // Where a record is named by what another system calls it, two may be called so.
    ...(isKeyed && (writes || contract.input.params) && { 409: "Conflict" }),
    ...(contract.follows && { 410: "WalkAnew" }),
    ...((method === "PATCH" || method === "DELETE") && { 412: "Changed" }),
    413: "TooLarge",
    ...(contract.input.body && { 415: "UnsupportedMediaType" }),
    ...(writes && { 422: "Invalid" }),
    ...((isKeyed || contract.input.body) && { 429: isKeyed ? "TooManyRequests" : "TooManyFromNetwork" }),
    503: writes ? "NotDoneOrUnknown" : "Unavailable",
  };
}

/** What a list answers in which there is never anything: told once. */
export function nothingResponse(): Response {
  const headers = [...successHeaders(true), ...PAGINATION_HEADERS];
  return answer(
    "Nothing of the kind is kept here: the list is always empty, so that a connector's sync goes on.",
    json(listSchema("", shapesOf("", {}), true)),
    headers,
  );
}

function responsesOf(endpoint: Endpoint, { schema, isAlwaysEmpty }: Success): Record<string, Response | Reference> {
  const { contract } = endpoint;
  const status = successStatus(endpoint);
  const headers = [
    ...successHeaders(contract.account !== null),
    ...(status === "201" ? ["Location"] : []),
    ...(contract.warns ? ["X-Warning"] : []),
    ...(isTagged(endpoint) && status !== "204" ? ["ETag"] : []),
    ...(contract.list ? ["X-Change-Sequence", ...PAGINATION_HEADERS] : []),
  ];
  const words =
    status === "204"
      ? "Done; no body."
      : contract.list
        ? "A page of records."
        : status === "201"
          ? "Made."
          : "As asked.";
  const refusals = Object.entries(refusalsOf(endpoint)).map(([code, name]) => [code, responseRef(name)] as const);
  const success = isAlwaysEmpty ? responseRef("Nothing") : answer(words, schema && json(schema), headers);
  const isKnown = endpoint.method === "GET" && isTagged(endpoint);
  const known = isKnown ? [["304", responseRef("NotModified")] as const] : [];
  return { [status]: success, ...Object.fromEntries([...known, ...refusals]) };
}

const ROLE_WORDS = "The person whom the key acts for must be";

function descriptionOf(endpoint: Endpoint, isAlwaysEmpty: boolean): string {
  const { scope, roles } = ruleOf(endpoint.permission);
  const { account } = endpoint.contract;
  const parts = [
    isAlwaysEmpty ? "The list is always empty here." : (endpoint.contract.note ?? null),
    account === null
      ? "Needs no API key."
      : scope === null || scope === "any"
        ? "Any valid key."
        : `Needs the scope \`${scope}\`.`,
    account !== null && roles.length < 3 ? `${ROLE_WORDS} ${roles.join(" or ")}.` : null,
    account === "ownAccount" ? "An `Account-Token` sent along is ignored." : null,
  ];
  return parts.filter((part) => part !== null).join(" ");
}

/** One endpoint as an operation of the document. */
export function describeOperation(endpoint: Endpoint): Described {
  const { contract } = endpoint;
  const { scope } = ruleOf(endpoint.permission);
  const success = successOf(endpoint);
  const { summary, operationId } = nameOf(endpoint);
  const scopes = scope === null || scope === "any" ? [] : [scope];
  const { body, example } = contract.input;
  const operation: Operation = {
    operationId,
    summary,
    description: descriptionOf(endpoint, success.isAlwaysEmpty),
    tags: [groupOf(endpoint)],
    security: contract.account === null ? [] : [{ Token: scopes }, { Bearer: scopes }],
    parameters: [
      ...pathParameters(endpoint),
      ...headerParameters(endpoint),
      ...(contract.list ? listParameters(contract.list) : []),
      ...(contract.input.query ?? []),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: inputSchema(body), example } },
      },
    }),
    responses: responsesOf(endpoint, success),
  };
  return { operation, schemas: success.schemas };
}
