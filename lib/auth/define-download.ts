import "server-only";
import type { z } from "zod";

import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { plainPage } from "@/lib/platform/plain-page";
import { redactSecretsWithin } from "@/lib/platform/secret-patterns";
import type { RequestOrigin } from "./actor";
import { markEntry } from "./entries";
import { failureOf, type Failure } from "./failure";
import { acquireFileSlot, type FileSlot } from "./file-slots";
import type { AccountlessPermission, Permission } from "./permissions";
import { authorize, type AuthContext, type Permit } from "./permit";
import { REFUSALS, retryAfter } from "./refusals";
import { authContextIn, currentIdentity, type RequestIdentity } from "./session";

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

/** A route handler for GET; `invoke` is the download as somebody asks for it by hand. */
interface DownloadRoute {
  (request: Request, context: RouteContext): Promise<Response>;
  readonly invoke: (identity: RequestIdentity, accountToken: string, input: unknown) => Promise<Response>;
}

export function statusOf({ code }: Failure): number {
  return code === "unexpected" ? 500 : REFUSALS[code].file;
}

/** What every way says beside the status. */
export function headersOf({ code }: Failure): Readonly<Record<string, string>> {
  return code === "unexpected" ? {} : retryAfter(code);
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

async function toRefusal(error: unknown, requestId: string | null, origin: RequestOrigin | null): Promise<Response> {
  const attempted = { what: "a download", requestId, origin, whenUnknown: NOT_KNOWN_WHETHER_NOTED };
  const failure = await failureOf(error, attempted);
  return refusal(statusOf(failure), sentenceOf(failure), headersOf(failure));
}

/** What an address's query says, secrets left out. @throws DomainError invalid_input */
export function parseQuery<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  nothing: "Nothing was exported." | "Nothing was uploaded.",
): z.output<Schema> {
  const parsed = schema.safeParse(redactSecretsWithin(input));
  if (parsed.success) return parsed.data;
  const fields: Record<string, string[]> = {};
  for (const issue of parsed.error.issues) (fields[issue.path.join(".")] ??= []).push(issue.message);
  throw new DomainError("invalid_input", `This address asks for something that there is not. ${nothing}`, fields);
}

/** Pulled by its reader: what is not read is not made, and a reader who leaves ends the work. */
function streamOf(parts: AsyncIterable<string>, held: FileSlot, requestId: string | null): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        held.progress();
        try {
          const next = await iterator.next();
          if (next.done) {
            held.release();
            controller.close();
          } else controller.enqueue(encoder.encode(next.value));
        } catch (error) {
          held.release();
          // The headers are out: only a broken connection still tells the browser that the file is not whole.
          log().error({ err: error, requestId }, "a download broke off");
          controller.error(error);
        }
      },
      cancel: async () => {
        held.release();
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Names given twice stay lists, which no schema takes for a text. */
export function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url);
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

/**
 * A download of an account's space: the file route.ts exports it as GET. The permission is asked before the query
 * is looked at. Another site can make a browser come here with its cookie; it leaves a record, so that is refused.
 */
export function defineDownload<P extends Exclude<Permission, AccountlessPermission>, Schema extends z.ZodType>(
  definition: Definition<P, Schema>,
): DownloadRoute {
  const invoke = async (identity: RequestIdentity, accountToken: string, input: unknown): Promise<Response> => {
    let authContext: AuthContext | null = null;
    let held: FileSlot | null = null;
    try {
      authContext = await authContextIn(accountToken, identity);
      const permit = authorize(authContext, definition.permission);
      const parsed = parseQuery(definition.input, input, "Nothing was exported.");
      held = acquireFileSlot("export", permit.account.id);
      const { fileName, contentType, parts } = await definition.run(permit, parsed);
      return new Response(streamOf(parts, held, identity.requestId), {
        headers: {
          "Content-Type": contentType,
          "Content-Disposition": `attachment; filename="${fileName}"`,
          "Cache-Control": "no-store",
        },
      });
    } catch (error) {
      held?.release();
      return toRefusal(error, identity.requestId, authContext?.origin ?? null);
    }
  };
  const handle = async (request: Request, { params }: RouteContext): Promise<Response> => {
    // Next answers HEAD by this handler too, and would leave a record of a file that nobody got.
    if (request.method !== "GET") return refusal(405, "Method not allowed.", { Allow: "GET" });
    if (request.headers.get("sec-fetch-site") === "cross-site") {
      return refusal(403, `This file can only be asked for from ${env().APP_URL}. Open the page there and try again.`);
    }
    const answer = await invoke(await currentIdentity(), (await params).accountToken, queryOf(request));
    return answer.ok || request.headers.get("sec-fetch-dest") !== "document" ? answer : asPage(answer, request);
  };
  return markEntry(Object.assign(handle, { invoke }), { kind: "download", permission: definition.permission });
}
