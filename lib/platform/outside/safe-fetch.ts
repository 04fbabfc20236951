import "server-only";
import { errors, type Dispatcher } from "undici";

import { readOutsideUrl, type HostException } from "./address-guard";
import { NoConnectionError, openCheckedConnections, type CheckedConnectionsOptions } from "./checked-connections";
import { env } from "@/lib/platform/env";
import { singleton } from "@/lib/platform/singleton";

export interface OutsideRequest {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What a user gave: none of them overrides ours. */
  readonly customHeaders?: Readonly<Record<string, string>>;
}

export interface OutsideAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As much of it as is read. */
  readonly body: string;
  readonly isCut: boolean;
}

export type OutsideFailure =
  | "bad_url"
  | "bad_header"
  | "not_resolved"
  | "refused_address"
  | "timed_out"
  | "tls_failed"
  | "not_connected"
  | "bad_answer";

/** Nothing came back that counts as an answer. The message is for people. */
export class OutsideError extends Error {
  override readonly name = "OutsideError";

  constructor(
    readonly failure: OutsideFailure,
    message: string,
  ) {
    super(message);
  }
}

export interface SafeFetchOptions extends CheckedConnectionsOptions {
  readonly exceptions?: readonly HostException[];
  /** For the whole exchange: name, connection, request and answer. */
  readonly timeoutMs?: number;
}

export interface SafeFetch {
  /** One POST, no redirect followed. @throws OutsideError */
  readonly post: (request: OutsideRequest) => Promise<OutsideAnswer>;
  /** Breaks off what is under way. */
  readonly close: () => void;
}

const TIMEOUT_MS = 15_000;
export const MOST_READ_BYTES = 20_000;
/** What the connection itself needs. */
const OWN_HEADERS =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*|http2-settings)$/;
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/i;

const SENTENCES: Readonly<Record<OutsideFailure, string>> = {
  bad_url: "The address is none that requests are sent to.",
  bad_header: "A header holds a line break or another character that no header may hold.",
  not_resolved: "The host name does not lead to any address.",
  refused_address: "The host name leads into a private network, where nothing is sent.",
  timed_out: "There was no whole answer in time.",
  tls_failed: "The certificate or the encrypted connection was not in order.",
  not_connected: "There was no connection, or it broke off.",
  bad_answer: "What came back was no HTTP answer.",
};

const fail = (failure: OutsideFailure, detail = SENTENCES[failure]) => new OutsideError(failure, detail);

/** A user's headers first, so that ours win. */
function headersOf({ headers, customHeaders = {} }: OutsideRequest): Record<string, string> {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const taken = new Set(own.map(([name]) => name));
  const custom = Object.entries(customHeaders)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !taken.has(name) && !OWN_HEADERS.test(name));
  const all = [...custom, ...own];
  if (all.some(([name, value]) => !HEADER_NAME.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))) {
    throw fail("bad_header");
  }
  return Object.fromEntries(all);
}

/** Reads what is kept; leaving the loop early drops the connection. */
async function readSome(body: Dispatcher.ResponseData["body"]): Promise<Pick<OutsideAnswer, "body" | "isCut">> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_READ_BYTES) break;
  }
  const text = Buffer.concat(chunks).subarray(0, MOST_READ_BYTES).toString("utf8");
  // The database holds no NUL in a text.
  return { body: text.replaceAll("\0", "\ufffd"), isCut: size > MOST_READ_BYTES };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

const TLS_CODES =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|EPROTO$|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;

function failureOf(error: unknown): OutsideFailure {
  if (error instanceof NoConnectionError) return error.reason;
  const code = codeOf(error);
  if (TLS_CODES.test(code)) return "tls_failed";
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) return "bad_answer";
  return code === "UND_ERR_CONNECT_TIMEOUT" ? "timed_out" : "not_connected";
}

/** Ends `work` when the time is up, whatever it is waiting for. */
async function within<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(fail("timed_out", `There was no whole answer within ${timeoutMs / 1000} s.`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(controller.signal), expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** The way out of the process to addresses that users gave. */
export function createSafeFetch(options: SafeFetchOptions = {}): SafeFetch {
  const { exceptions = [], timeoutMs = TIMEOUT_MS } = options;
  const connections = openCheckedConnections(options);
  const post = async (request: OutsideRequest): Promise<OutsideAnswer> => {
    const target = readOutsideUrl(request.url, exceptions);
    if (!target.ok) throw fail("bad_url", target.complaint);
    const headers = headersOf(request);
    const { url, isExcepted } = target;
    const exchange = (signal: AbortSignal) =>
      connections.use(url, isExcepted, async (pool) => {
        const answer = await pool.request({
          method: "POST",
          path: `${url.pathname}${url.search}`,
          headers,
          body: request.body,
          signal,
        });
        return { status: answer.statusCode, headers: answer.headers, ...(await readSome(answer.body)) };
      });
    return within(timeoutMs, exchange).catch((error: unknown) => {
      throw error instanceof OutsideError ? error : fail(failureOf(error));
    });
  };
  return { post, close: () => connections.close() };
}

/** The process's own, with the operator's exceptions. */
export function safeFetch(): SafeFetch {
  return singleton("safe-fetch", () => createSafeFetch({ exceptions: env().WEBHOOK_ALLOWED_PRIVATE_HOSTS }));
}
