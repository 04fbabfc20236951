import { ERROR_CODES } from "@/lib/platform/errors";
import { HTTP_REFUSAL_CODES, statusOf } from "../answer";
import { API_VERSIONS } from "../versions/api-versions";
import { headerRef, schemaRef, type Content, type Header, type JsonSchema, type Response } from "./open-api";

const CODES = ["unexpected", ...ERROR_CODES, ...HTTP_REFUSAL_CODES];

export const REFUSAL_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Problem: {
    type: "object",
    description: "A refusal (RFC 9457).",
    properties: {
      type: { type: "string", const: "about:blank" },
      title: { type: "string" },
      status: { type: "integer", minimum: 400, maximum: 599 },
      detail: { type: "string", description: "What happened and what to do, for a person." },
      instance: { type: "string", description: "The request id." },
      code: { type: "string", enum: CODES, description: "What happened, for a program." },
    },
    required: ["type", "title", "status", "detail", "instance", "code"],
    additionalProperties: false,
  },
  Errors: {
    type: "object",
    description: "What is wrong, by the field or parameter that it stands at; `base` for the whole.",
    properties: {
      errors: {
        type: "object",
        minProperties: 1,
        additionalProperties: { type: "array", items: { type: "string" }, minItems: 1 },
      },
    },
    required: ["errors"],
    additionalProperties: false,
  },
  TooMany: {
    type: "object",
    properties: { error: { type: "string" } },
    required: ["error"],
    additionalProperties: false,
  },
};

export const HEADERS: Readonly<Record<string, Header>> = {
  "X-Request-Id": {
    description:
      "Names this request in logs and to support. Your own is echoed when it is 1–128 characters of `[A-Za-z0-9._-]`.",
    required: true,
    schema: { type: "string", pattern: "^[A-Za-z0-9._-]{1,128}$" },
  },
  "Cache-Control": {
    description: "Nothing may be kept.",
    required: true,
    schema: { type: "string", const: "no-store" },
  },
  RateLimit: {
    description: "What is left of the minute: `r` requests, `t` seconds.",
    required: true,
    schema: { type: "string", pattern: '^"minute";r=\\d+;t=\\d+$' },
  },
  "RateLimit-Policy": {
    description: "The quota: `q` requests in `w` seconds, for this key in this account.",
    required: true,
    schema: { type: "string", pattern: '^"minute";q=\\d+;w=60$' },
  },
  "X-Api-Version": {
    description: "The version that this answer speaks.",
    required: true,
    schema: { type: "string", enum: API_VERSIONS },
  },
  "Retry-After": {
    description: "Whole seconds to wait.",
    required: true,
    schema: { type: "string", pattern: "^[1-9]\\d*$" },
  },
  "WWW-Authenticate": {
    description: "How to authenticate.",
    required: true,
    schema: { type: "string", const: 'Token realm="api"' },
  },
  Location: { description: "The address of the new record.", required: true, schema: { type: "string" } },
  Allow: { description: "The methods that this address offers.", required: true, schema: { type: "string" } },
  "X-Warning": {
    description:
      "What is doubtful of a record that was taken all the same, such as a VIN whose check digit does not fit.",
    schema: { type: "string" },
  },
  ETag: {
    description:
      "The record as it is: `If-None-Match` on a GET asks whether it still is, `If-Match` on PATCH and DELETE changes it only if nobody else did.",
    required: true,
    schema: { type: "string", pattern: '^"[0-9a-z]+-[0-9a-f]{8}"$' },
  },
  "X-Change-Sequence": {
    description:
      "How far the account's changes had come when these records were read. Take it from a list's first page, walk the list, then follow `/changes?after=…` from there: nothing is lost.",
    required: true,
    schema: { type: "string", pattern: "^[0-9a-f]{12}\\.\\d+$" },
  },
  "X-Pagination-Limit": {
    description: "Where the answer is an array: records a page.",
    schema: { type: "string", pattern: "^\\d+$" },
  },
  "X-Pagination-Current-Page": {
    description: "Where the answer is an array: the page.",
    schema: { type: "string", pattern: "^\\d+$" },
  },
  "X-Pagination-Total-Pages": {
    description: "Where the answer is an array: how many pages there are.",
    schema: { type: "string", pattern: "^\\d+$" },
  },
  "X-Pagination-Total-Count": {
    description: "Where the answer is an array: how many records there are.",
    schema: { type: "string", pattern: "^\\d+$" },
  },
};

export const PAGINATION_HEADERS = Object.keys(HEADERS).filter((name) => name.startsWith("X-Pagination-"));
const RATE = ["RateLimit", "RateLimit-Policy"];

export function answer(description: string, content: Content | null, headers: readonly string[] = []): Response {
  const named = ["X-Request-Id", "Cache-Control", ...headers].map((name) => [name, headerRef(name)] as const);
  return { description, headers: Object.fromEntries(named), ...(content && { content }) };
}

export const json = (schema: JsonSchema): Content => ({ "application/json": { schema } });
export const successHeaders = (isKeyed: boolean): string[] => (isKeyed ? [...RATE, "X-Api-Version"] : []);

const PROBLEM: Content = { "application/problem+json": { schema: schemaRef("Problem") } };
const ERRORS = json(schemaRef("Errors"));

function codesOf(status: number): string {
  const codes = ERROR_CODES.filter((code) => statusOf(code) === status && !INNER_CODES.has(code));
  return codes.map((code) => `\`${code}\``).join(", ");
}

/** Of the console alone. */
const INNER_CODES = new Set<string>(["not_signed_in", "untrusted_origin", "fresh_sign_in_required"]);

/** The refusals, each told once; an operation names those that it can give. */
export const RESPONSES: Readonly<Record<string, Response>> = {
  BadRequest: answer(
    "Malformed: a header sent twice, a body that is no JSON or nested deeper than 20, an unknown filter, order, comparison, cursor or version. Where a parameter is to blame, `errors` names it.",
    { ...ERRORS, ...PROBLEM },
  ),
  Unauthorized: answer(
    `The key or the account token is missing or not (or no longer) good. Codes: ${codesOf(401)}.`,
    PROBLEM,
    ["WWW-Authenticate"],
  ),
  Forbidden: answer(`Known, but not allowed. Codes: ${codesOf(403)}. The scope that would do is named.`, PROBLEM, RATE),
  /** Where nobody says who he is, there is no quota to tell of. */
  Refused: answer(`Not allowed. Codes: ${codesOf(403)}.`, PROBLEM),
  NotFound: answer("There is no such record, or it is another account's: the two cannot be told apart.", PROBLEM),
  MethodNotAllowed: answer("The address has other methods.", PROBLEM, ["Allow"]),
  Conflict: answer(
    "The first request with this `Idempotency-Key` is still running, or somebody changed the record at the same moment: try again. Or several vehicles have the external id that was named: name one by its number.",
    PROBLEM,
    [...RATE, "X-Api-Version"],
  ),
  NotModified: answer("As you have it: `If-None-Match` named it.", null, [...successHeaders(true), "ETag"]),
  Changed: answer(
    "`precondition_failed`: the record was changed since its `If-Match` was read, and is left as it is.",
    PROBLEM,
    [...RATE, "X-Api-Version"],
  ),
  WalkAnew: answer(
    "`walk_anew`: the place is of another history (a restore, or a server that took over), lies beyond the end, or what comes after it is older than 30 days. Read the lists anew.",
    PROBLEM,
    [...RATE, "X-Api-Version"],
  ),
  TooLarge: answer("The body is longer than 256 KiB.", PROBLEM),
  UnsupportedMediaType: answer("The body is not sent as `application/json`.", PROBLEM),
  Invalid: answer("Understood, but not possible: `errors` says why, field by field.", ERRORS),
  TooManyRequests: answer("More requests than the quota of this key in this account.", json(schemaRef("TooMany")), [
    ...RATE,
    "Retry-After",
  ]),
  TooManyFromNetwork: answer("More requests than one network may make in a minute.", json(schemaRef("TooMany")), [
    "Retry-After",
  ]),
  Unavailable: answer("The service is not available for a moment. Nothing was changed.", PROBLEM, ["Retry-After"]),
  /** Of what changes something. */
  NotDoneOrUnknown: answer(
    "`unavailable`: the service is not available for a moment, and nothing was changed. `outcome_unknown`: it lost its database at that very moment, so it is not known whether this was done; look whether it was, or repeat a POST with the same `Idempotency-Key`.",
    PROBLEM,
    ["Retry-After"],
  ),
};
