import "server-only";
import type { z } from "zod";

import { markEntry } from "@/lib/auth/entries";
import type { AccountlessPermission, Permission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { authContextIn, currentIdentity, type RequestIdentity } from "@/lib/auth/session";
import { DomainError } from "@/lib/platform/errors";
import type { ActionResult } from "./action";
import { attempt, type Way } from "./attempt";
import { headersOf, statusOf } from "./failure";
import { queryOf, readKeptQuery } from "./read-input";

interface Definition<P extends Permission, Schema extends z.ZodType, T> {
  readonly permission: P;
  /** Strict; of the address's query. Never names the tenant. */
  readonly input: Schema;
  readonly maxBytes: number;
  readonly run: (permit: Permit<P>, input: z.output<Schema>, file: Uint8Array) => Promise<T>;
}

interface RouteContext {
  readonly params: Promise<{ accountToken: string }>;
}

type ReadFile = () => Promise<Uint8Array>;

/** A route handler for POST; `invoke` is the upload as somebody sends it by hand. */
interface UploadRoute<T> {
  (request: Request, context: RouteContext): Promise<Response>;
  readonly invoke: (
    identity: RequestIdentity,
    accountToken: string,
    input: unknown,
    readFile: ReadFile,
  ) => Promise<{
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly result: ActionResult<T>;
  }>;
}

/** Not a byte more than allowed is kept, whatever the sender said before. */
async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > maxBytes) {
      await reader?.cancel();
      const sentence = `The file has more than ${Math.floor(maxBytes / 1024 / 1024)} MB, the most that can be uploaded.`;
      throw new DomainError("invalid_input", sentence, { file: [sentence] });
    }
    parts.push(part.value);
  }
  return Buffer.concat(parts);
}

/** Rejects when nobody is there any more to send the rest, which whoever reads a body need not hear of. */
function senderLeaves({ signal }: Request): Promise<never> {
  return new Promise((_, reject) => {
    const leave = () =>
      reject(new DomainError("bad_request", "The file was not sent to its end. Nothing was uploaded."));
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
}

const NOT_KNOWN_WHETHER_KEPT =
  "The hub lost its database at that very moment, so it is not known whether the file was kept. Nothing was added from it; upload it again.";

/** An upload as a way in. The file is read last, within its slot. */
function wayOf<P extends Permission, Schema extends z.ZodType, T>(
  { permission, input: schema, run }: Definition<P, Schema, T>,
  input: unknown,
  readFile: ReadFile,
): Way<P, z.output<Schema>, T> {
  return {
    what: "an upload",
    from: "ourPages",
    permission,
    slot: { kind: "upload", until: "done" },
    whenUnknown: NOT_KNOWN_WHETHER_KEPT,
    read: () => readKeptQuery(schema, input, "Nothing was uploaded."),
    run: async (permit, parsed) => run(permit, parsed, await readFile()),
  };
}

/**
 * A file that is sent into an account's space, as a request's whole body: larger than an action's may be. The file
 * route.ts exports it as POST. Where it came from and the permission are asked before the file is read.
 */
export function defineUpload<P extends Exclude<Permission, AccountlessPermission>, Schema extends z.ZodType, T>(
  definition: Definition<P, Schema, T>,
): UploadRoute<T> {
  const invoke: UploadRoute<T>["invoke"] = async (identity, accountToken, input, readFile) => {
    const way = wayOf(definition, input, readFile);
    const attempted = await attempt(way, identity, (from) => authContextIn(accountToken, from));
    if (attempted.ok) return { status: 200, headers: {}, result: { ok: true, value: attempted.value } };
    return { status: statusOf(attempted.error), headers: headersOf(attempted.error), result: attempted };
  };
  const handle = async (request: Request, { params }: RouteContext): Promise<Response> => {
    const readFile = () => Promise.race([readBody(request, definition.maxBytes), senderLeaves(request)]);
    const { status, headers, result } = await invoke(
      await currentIdentity(),
      (await params).accountToken,
      queryOf(request),
      readFile,
    );
    return Response.json(result, { status, headers: { ...headers, "Cache-Control": "no-store" } });
  };
  return markEntry(Object.assign(handle, { invoke }), { kind: "upload", permission: definition.permission });
}
