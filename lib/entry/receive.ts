import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { RequestOrigin } from "@/lib/auth/actor";
import { markEntry } from "@/lib/auth/entries";
import type { AccountlessPermission } from "@/lib/auth/permissions";
import { anyonesAuthContext, type AuthContext, type Permit } from "@/lib/auth/permit";
import { DomainError } from "@/lib/platform/errors";
import { admit } from "./attempt";
import { failureOf } from "./failure";
import { REFUSALS, retryAfter } from "./refusals";

/** Another service's request, as it came: nobody has looked into its body. */
export interface SignedRequest {
  /** Every value of a header, by its name in small letters. */
  readonly headers: (name: string) => readonly string[];
  /** Null where the body is longer than is taken. */
  readonly readBody: (permit: Permit<AccountlessPermission>) => Promise<Buffer | null>;
}

/** What another service tells us: its signature over the raw body is its authority. */
export interface Reception<P extends AccountlessPermission, Keys, Message, T> {
  readonly permission: P;
  /** What signatures are checked with; none where nobody is expected here. */
  readonly keys: () => Keys | undefined;
  readonly isSigned: (keys: Keys, body: Buffer, headers: SignedRequest["headers"]) => boolean | Promise<boolean>;
  /** Said before the body is read, and before anything in it is believed. */
  readonly refusals: { readonly notSetUp: () => DomainError; readonly notSigned: () => DomainError };
  /** Looked at only once the signature fits. @throws DomainError bad_request */
  readonly read: (body: Buffer) => Message;
  readonly run: (permit: Permit<P>, message: Message) => Promise<T>;
}

/** The body was longer than is taken: the rest of it is not read. */
class TooLong extends Error {}

/** Whether somebody is expected, then the raw body, then its signature, and only then what it says. */
export function receive<P extends AccountlessPermission, Keys, Message, T>(
  { permission, keys: readKeys, isSigned, refusals, read, run }: Reception<P, Keys, Message, T>,
  authContext: AuthContext,
  request: SignedRequest,
): Promise<T> {
  const readSigned = async (permit: Permit<P>) => {
    const keys = readKeys();
    if (keys === undefined) throw refusals.notSetUp();
    const body = await request.readBody(permit);
    if (body === null) throw new TooLong();
    if (!(await isSigned(keys, body, request.headers))) throw refusals.notSigned();
    return read(body);
  };
  return admit({ permission, read: readSigned, run }, authContext);
}

interface Definition<P extends AccountlessPermission, Keys, Message> extends Reception<P, Keys, Message, void> {
  /** Outside of `/api/v1`: no part of the public API. */
  readonly path: string;
  readonly maxBytes: number;
}

/** A way in of its own address. `answer` answers in any case: 204 where it was taken. */
export interface Receiver {
  readonly path: string;
  readonly answer: (req: IncomingMessage, res: ServerResponse, origin: RequestOrigin) => Promise<void>;
}

async function readLimited(req: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) return null;
      chunks.push(chunk);
    }
  } catch {
    throw new DomainError("bad_request", "The request ended before its body did.");
  }
  return Buffer.concat(chunks);
}

interface Reply {
  readonly status: number;
  readonly sentence?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function refusalOf(error: unknown, origin: RequestOrigin): Promise<Reply> {
  if (error instanceof TooLong) return { status: 413, sentence: "Request too large." };
  const attempted = { what: "a service's report", requestId: origin.requestId, origin };
  const { code, message } = await failureOf(error, attempted);
  if (code === "unexpected") return { status: 500, sentence: message };
  return { status: REFUSALS[code].api, sentence: message, headers: retryAfter(code) };
}

function send(res: ServerResponse, { status, sentence, headers = {} }: Reply): void {
  // A body that nobody reads would be taken for the next request.
  if (status >= 400) res.setHeader("Connection", "close");
  res.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", ...headers });
  res.end(sentence === undefined ? "" : `${sentence}\n`);
}

/** A way in for another service alone; nobody is signed in there, and no cookie says anything. */
export function defineReceiver<P extends AccountlessPermission, Keys, Message>(
  definition: Definition<P, Keys, Message>,
): Receiver {
  const take = (req: IncomingMessage, origin: RequestOrigin): Promise<Reply> =>
    receive(definition, anyonesAuthContext(origin), {
      headers: (name) => req.headersDistinct[name] ?? [],
      readBody: () => readLimited(req, definition.maxBytes),
    }).then(
      () => ({ status: 204 }),
      (error: unknown) => refusalOf(error, origin),
    );
  const answer: Receiver["answer"] = async (req, res, { ip, requestId }) => {
    const isOffered = req.method === "POST";
    send(
      res,
      isOffered
        ? await take(req, { ip, requestId })
        : { status: 405, sentence: "Method not allowed.", headers: { Allow: "POST" } },
    );
  };
  return markEntry({ path: definition.path, answer }, { kind: "receiver", permission: definition.permission });
}
