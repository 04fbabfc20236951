import "server-only";
import { errors, type Dispatcher } from "undici";

import type { HostException } from "./address-guard";
import { NoConnectionError, openCheckedConnections, type CheckedConnectionsOptions } from "./checked-connections";
import { destinationOf, ownAddress, type OwnAddress, type OwnPart } from "./reach-ourselves";

export interface OutsideRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What a user gave: none of them overrides ours. */
  readonly customHeaders?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Hosts inside that this request may go to all the same. */
  readonly exceptions?: readonly HostException[];
  /** What it may ask of this hub where the address is our own; that goes straight to us. */
  readonly ownPart?: OwnPart;
  /** For the whole exchange: name, connection, request and answer. */
  readonly timeoutMs: number;
  /** What is behind that of an answer is not read, and the connection is given up. */
  readonly mostReadBytes: number;
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
  | "own_database"
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

export interface OutsideClient {
  /** One exchange, no redirect followed. @throws OutsideError */
  readonly request: (request: OutsideRequest) => Promise<OutsideAnswer>;
  /** Breaks off what is under way. */
  readonly close: () => void;
}

/** What the connection itself needs. */
const OWN_HEADERS =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*|http2-settings)$/;
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/i;

const SENTENCES: Readonly<Record<OutsideFailure, string>> = {
  bad_url: "The address is none that requests are sent to.",
  bad_header: "A header holds a line break or another character that no header may hold.",
  not_resolved: "The host name does not lead to any address.",
  refused_address: "The host name leads into a private network, where nothing is sent.",
  own_database: "This is where the hub's own database is, which nothing is sent to.",
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
async function readSome(
  body: Dispatcher.ResponseData["body"],
  mostBytes: number,
): Promise<Pick<OutsideAnswer, "body" | "isCut">> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > mostBytes) break;
  }
  const text = Buffer.concat(chunks).subarray(0, mostBytes).toString("utf8");
  // The database holds no NUL in a text.
  return { body: text.replaceAll("\0", "\ufffd"), isCut: size > mostBytes };
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

interface OutsideClientOptions extends CheckedConnectionsOptions {
  /** Left out, it is as the environment says. */
  readonly own?: OwnAddress;
}

/** The way out of the process to addresses that users gave. */
export function createOutsideClient({ own, ...options }: OutsideClientOptions = {}): OutsideClient {
  const connections = openCheckedConnections(options);
  const request = async (asked: OutsideRequest): Promise<OutsideAnswer> => {
    const target = destinationOf(asked, () => own ?? ownAddress());
    if (!target.ok) throw fail("bad_url", target.complaint);
    const { url, isExcepted, host } = target;
    const headers = { ...headersOf(asked), ...(host !== null && { host }) };
    const { method, body = null } = asked;
    const exchange = (signal: AbortSignal) =>
      connections.use(url, isExcepted, async (pool) => {
        const path = `${url.pathname}${url.search}`;
        const answer = await pool.request({ method, path, headers, body, signal });
        const read = await readSome(answer.body, asked.mostReadBytes);
        return { status: answer.statusCode, headers: answer.headers, ...read };
      });
    return within(asked.timeoutMs, exchange).catch((error: unknown) => {
      throw error instanceof OutsideError ? error : fail(failureOf(error));
    });
  };
  return { request, close: () => connections.close() };
}
