import type { ServerResponse } from "node:http";

import { REFUSALS, retryAfter } from "@/lib/entry/refusals";
import { unavailable, type DomainError, type ErrorCode } from "@/lib/platform/errors";

/** What goes out; `body` is JSON already. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

export const HTTP_REFUSAL_CODES = ["method_not_allowed", "body_too_large", "unsupported_media_type"] as const;

/** A refusal that only HTTP knows: the caller's request never reached a record. */
export class HttpRefusal extends Error {
  override readonly name = "HttpRefusal";

  constructor(
    readonly status: 405 | 413 | 415,
    readonly code: (typeof HTTP_REFUSAL_CODES)[number],
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${code}: ${detail}`);
  }
}

const WWW_AUTHENTICATE = { "WWW-Authenticate": 'Token realm="api"' };

interface Outcome {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a refusal looks to an integrator. */
function outcomeOf(code: ErrorCode): Outcome {
  const status = REFUSALS[code].api;
  return { status, headers: { ...(status === 401 && WWW_AUTHENTICATE), ...retryAfter(code) } };
}

export function statusOf(code: ErrorCode): number {
  return REFUSALS[code].api;
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

interface Problem extends Outcome {
  readonly code: string;
  readonly detail: string;
}

/** RFC 9457. `instance` is the request's id: the path may hold what must not be repeated. */
function problemAnswer({ status, code, detail, headers = {} }: Problem, requestId: string): Answer {
  const body = JSON.stringify({
    type: "about:blank",
    title: TITLES[status] ?? "Error",
    status,
    detail,
    instance: requestId,
    code,
  });
  return { status, headers: { "Content-Type": "application/problem+json; charset=utf-8", ...headers }, body };
}

/** The answer to a refusal. */
export function refusalAnswer(error: DomainError | HttpRefusal, requestId: string): Answer {
  if (error instanceof HttpRefusal) return problemAnswer(error, requestId);
  const outcome = outcomeOf(error.code);
  if (outcome.status === 429) return jsonAnswer(429, { error: error.reason }, outcome.headers);
  const namesFields = outcome.status === 422 || Object.keys(error.fields).length > 0;
  if (!namesFields) return problemAnswer({ ...outcome, code: error.code, detail: error.reason }, requestId);
  const errors = Object.keys(error.fields).length > 0 ? error.fields : { base: [error.reason] };
  return jsonAnswer(outcome.status, { errors }, outcome.headers);
}

export function unavailableAnswer(requestId: string): Answer {
  return problemAnswer({ ...outcomeOf("unavailable"), code: "unavailable", detail: unavailable().reason }, requestId);
}

/** The answer of a process that runs and serves nothing; `detail` says why. */
export function notServingAnswer(requestId: string, detail: string): Answer {
  return problemAnswer({ status: 503, headers: { "Retry-After": "60" }, code: "unavailable", detail }, requestId);
}

/** Where the database went while a change was being committed, or between two changes. */
export function outcomeUnknownAnswer(requestId: string): Answer {
  const detail =
    "The service lost its database at that very moment, so it is not known whether this was done. Look whether it was, or repeat a POST with the same Idempotency-Key: it is done once.";
  return problemAnswer({ ...outcomeOf("outcome_unknown"), code: "outcome_unknown", detail }, requestId);
}

export function unexpectedAnswer(requestId: string, mayHaveChanged: boolean): Answer {
  const detail = mayHaveChanged
    ? "Something unexpected happened after a change was made. Look at it before you send this again, and tell support the request id."
    : "Something unexpected happened; nothing was changed. Try again, or tell support the request id.";
  return problemAnswer({ status: 500, code: "unexpected", detail }, requestId);
}

export function sendAnswer(res: ServerResponse, { status, headers, body }: Answer): void {
  const length = body === null ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  res.writeHead(status, { ...headers, ...length, "Cache-Control": "no-store" });
  res.end(body ?? undefined);
}
