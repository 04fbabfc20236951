import type { IncomingMessage, ServerResponse } from "node:http";

import type { RequestOrigin } from "@/lib/auth/actor";
import { DomainError } from "@/lib/platform/errors";
import { redactSecrets } from "@/lib/platform/secret-patterns";

/** What the wide log line says of a request; each stage adds what it learned. */
export interface RequestFacts {
  apiKeyId?: number;
  accountId?: number;
  version?: string;
}

const BODY: unique symbol = Symbol("body");

/** A request as the stages see it: its body is closed. */
export interface ApiRequest {
  readonly method: string;
  /** The values of the path's `:names`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly ip: string | null;
  readonly requestId: string;
  /** What its permits carry: by it is known what the request may have changed. */
  readonly origin: RequestOrigin;
  readonly facts: RequestFacts;
  /** What the answer carries, whatever it will be; stages add to it. */
  readonly answerHeaders: Record<string, string>;
  /** Calls back when nobody waits for the answer any more, or it was given. */
  whenGone(listener: () => void): void;
  /** Without secrets of ours, but for what a key is sent in and what is only ever compared. */
  header(name: string): string | undefined;
  readonly [BODY]: () => Promise<Buffer | null>;
}

/** A request whose sender may send something: `openBody` of the stages makes one. */
export interface OpenRequest extends ApiRequest {
  /** The account that it goes to; null where nobody has to be known. */
  readonly accountId: number | null;
  /** Reads the body, once; null when it is longer than the limit. */
  readBody(): Promise<Buffer | null>;
}

/** @param readBody is called once at most */
export function closedRequest(
  fields: Omit<ApiRequest, typeof BODY>,
  readBody: () => Promise<Buffer | null>,
): ApiRequest {
  let body: Promise<Buffer | null> | undefined;
  return { ...fields, [BODY]: () => (body ??= readBody()) };
}

/** For whoever counts its bytes, and for `openBody`. */
export function bodyOf(request: ApiRequest): Promise<Buffer | null> {
  return request[BODY]();
}

export const BODY_LIMIT = 256 * 1024;

const MAY_HOLD_SECRETS: ReadonlySet<string> = new Set(["authorization", "idempotency-key"]);
const NO_QUERY = new URLSearchParams();

export function apiRequest(
  req: IncomingMessage,
  res: ServerResponse,
  params: Readonly<Record<string, string>>,
  { ip, requestId }: { readonly ip: string | null; readonly requestId: string },
): ApiRequest {
  const question = req.url?.indexOf("?") ?? -1;
  const fields = {
    method: req.method ?? "",
    params,
    query: question === -1 ? NO_QUERY : new URLSearchParams(req.url?.slice(question + 1)),
    ip,
    requestId,
    origin: { ip, requestId },
    facts: {},
    answerHeaders: {},
    whenGone: (listener: () => void) => void res.once("close", listener),
    header: (name: string) => {
      const value = req.headers[name];
      const text = Array.isArray(value) ? value.join(", ") : value;
      return text === undefined || MAY_HOLD_SECRETS.has(name) ? text : redactSecrets(text);
    },
  };
  return closedRequest(fields, () => readLimited(req));
}

async function readLimited(req: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BODY_LIMIT) return null;
      chunks.push(chunk);
    }
  } catch {
    throw new DomainError("bad_request", "The request ended before its body did.");
  }
  return Buffer.concat(chunks);
}
