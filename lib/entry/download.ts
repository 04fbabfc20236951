import "server-only";
import type { z } from "zod";

import { markEntry } from "@/lib/auth/entries";
import type { AccountlessPermission, Permission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { authContextIn, currentIdentity, type RequestIdentity } from "@/lib/auth/session";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { plainPage } from "@/lib/platform/plain-page";
import { attempt, type Way } from "./attempt";
import { headersOf, statusOf, type Failure } from "./failure";
import type { FileSlot } from "./file-slots";
import { queryOf, readQuery } from "./read-input";
import { REFUSALS } from "./refusals";

/** A file that is written while it is read. */
export interface Download {
  readonly fileName: string;
  readonly contentType: string;
  /** Asked for the next part when the last one has gone out; told to end when nobody reads on. */
  readonly parts: AsyncIterable<string>;
}

interface Definition<P extends Permission, Schema extends z.ZodType> {
  readonly permission: P;
  /** Strict; of the address's query. Never names the tenant. */
  readonly input: Schema;
  /** What it leaves in the audit log stands there before this resolves. */
  readonly run: (permit: Permit<P>, input: z.output<Schema>) => Promise<Download>;
}

interface RouteContext {
  readonly params: Promise<{ accountToken: string }>;
}

/** A route handler for GET; `invoke` is the download as somebody asks for it by hand, until `left` says that he went. */
interface DownloadRoute {
  (request: Request, context: RouteContext): Promise<Response>;
  readonly invoke: (
    identity: RequestIdentity,
    accountToken: string,
    input: unknown,
    left?: AbortSignal,
  ) => Promise<Response>;
}

const NOT_KNOWN_WHETHER_NOTED =
  "The hub lost its database at that very moment. You got no file, and it is not known whether the audit log says that you did. Ask for it again.";

function sentenceOf({ code, message, fields }: Failure): string {
  if (code === "unexpected") return message;
  if (code === "not_signed_in") return `You are signed out. Sign in at ${env().APP_URL}/sign-in and try again.`;
  if (REFUSALS[code].file === 404) return "There is no such page, or you have no access to it.";
  const named = Object.entries(fields).map(([name, sentences]) => `${name}: ${sentences.join(" ")}`);
  return [message, ...named].join("\n");
}

function refusal(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): Response {
  const common = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
  return new Response(`${sentence}\n`, { status, headers: { ...common, ...headers } });
}

/** Who followed a link reads a refusal as a page, with the way back to where the link stood. */
async function asPage(refused: Response, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const headers = new Headers(refused.headers);
  headers.set("Content-Type", "text/html; charset=utf-8");
  const page = plainPage({
    title: "There is no file",
    paragraphs: (await refused.text()).trim().split("\n"),
    requestId: request.headers.get("x-request-id") ?? "unknown",
    nonce: request.headers.get("x-csp-nonce") ?? "",
    wayOn: { href: pathname.replace(/\/[^/]*$/, ""), label: "Back to the page" },
  });
  return new Response(page, { status: refused.status, headers });
}

/** Why a stream ends that nobody waits for the rest of: no failure, and nothing to tell anybody. */
const nobodyReads = () => new DOMException("nobody reads this file any more", "AbortError");

interface StreamedFile {
  readonly parts: AsyncIterable<string>;
  readonly held: FileSlot;
  /** Nobody gets the rest: its reader left, be it before the first part, or its place went to another file. */
  readonly ended: AbortSignal;
  readonly requestId: string | null;
}

/** The reader pulls: parts that nobody reads are not produced, and a reader who leaves ends the work. */
function streamOf({ parts, held, ended, requestId }: StreamedFile): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let isOver = false;
  const end = async (): Promise<void> => {
    isOver = true;
    held.release();
    await iterator.return?.();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const breakOff = () => {
          end().catch(() => undefined);
          controller.error(nobodyReads());
        };
        if (ended.aborted) breakOff();
        else ended.addEventListener("abort", breakOff, { once: true });
      },
      pull: async (controller) => {
        held.progress();
        try {
          const next = await iterator.next();
          // It ended while this part was made.
          if (isOver) return;
          if (next.done) {
            held.release();
            controller.close();
          } else controller.enqueue(encoder.encode(next.value));
        } catch (error) {
          held.release();
          if (isOver) return;
          // The headers are out: only a broken connection still tells the browser that the file is not whole.
          log().error({ err: error, requestId }, "a download broke off");
          controller.error(error);
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

/** A download as a way in: its slot is held until the file was read, was left, or broke off. */
function wayOf<P extends Permission, Schema extends z.ZodType>(
  { permission, input: schema, run }: Definition<P, Schema>,
  input: unknown,
  { requestId, left }: { readonly requestId: string | null; readonly left: AbortSignal | undefined },
): Way<P, z.output<Schema>, Response> {
  return {
    what: "a download",
    from: "anywhere",
    permission,
    slot: { kind: "export", until: "read" },
    whenUnknown: NOT_KNOWN_WHETHER_NOTED,
    read: () => readQuery(schema, input, "Nothing was exported."),
    run: async (permit, parsed, held) => {
      const { fileName, contentType, parts } = await run(permit, parsed);
      const ended = left === undefined ? held.taken : AbortSignal.any([held.taken, left]);
      return new Response(streamOf({ parts, held, ended, requestId }), {
        headers: {
          "Content-Type": contentType,
          "Content-Disposition": `attachment; filename="${fileName}"`,
          "Cache-Control": "no-store",
        },
      });
    },
  };
}

/**
 * A download of an account's space: the file route.ts exports it as GET. The permission is asked before the query
 * is looked at. Another site can make a browser come here with its cookie; it leaves a record, so that is refused.
 */
export function defineDownload<P extends Exclude<Permission, AccountlessPermission>, Schema extends z.ZodType>(
  definition: Definition<P, Schema>,
): DownloadRoute {
  const invoke: DownloadRoute["invoke"] = async (identity, accountToken, input, left) => {
    const way = wayOf(definition, input, { requestId: identity.requestId, left });
    const attempted = await attempt(way, identity, (from) => authContextIn(accountToken, from));
    if (attempted.ok) return attempted.value;
    const { error } = attempted;
    return refusal(statusOf(error), sentenceOf(error), headersOf(error));
  };
  const handle = async (request: Request, { params }: RouteContext): Promise<Response> => {
    // Next calls this handler for HEAD too, which would record a download that nobody received.
    if (request.method !== "GET") return refusal(405, "Method not allowed.", { Allow: "GET" });
    if (request.headers.get("sec-fetch-site") === "cross-site") {
      return refusal(403, `This file can only be asked for from ${env().APP_URL}. Open the page there and try again.`);
    }
    const { accountToken } = await params;
    const answer = await invoke(await currentIdentity(), accountToken, queryOf(request), request.signal);
    return answer.ok || request.headers.get("sec-fetch-dest") !== "document" ? answer : asPage(answer, request);
  };
  return markEntry(Object.assign(handle, { invoke }), { kind: "download", permission: definition.permission });
}
