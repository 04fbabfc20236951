import "server-only";
import type { z } from "zod";

import { env } from "@/lib/platform/env";
import { DomainError, wrongFields } from "@/lib/platform/errors";
import { secretComplaints } from "@/lib/platform/secret-patterns";
import type { RequestOrigin } from "./actor";
import type { ActionResult } from "./define-action";
import { headersOf, parseQuery, queryOf, statusOf } from "./define-download";
import { markEntry } from "./entries";
import { failureOf } from "./failure";
import { acquireFileSlot, type FileSlot } from "./file-slots";
import type { AccountlessPermission, Permission } from "./permissions";
import { authorize, type AuthContext, type Permit } from "./permit";
import { authContextIn, currentIdentity, type RequestIdentity } from "./session";

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

const NOT_KNOWN_WHETHER_KEPT =
  "The hub lost its database at that very moment, so it is not known whether the file was kept. Nothing was added from it; upload it again.";

async function refusalOf(error: unknown, requestId: string | null, origin: RequestOrigin | null) {
  const attempted = { what: "an upload", requestId, origin, whenUnknown: NOT_KNOWN_WHETHER_KEPT };
  const failure = await failureOf(error, attempted);
  return { status: statusOf(failure), headers: headersOf(failure), result: { ok: false, error: failure } } as const;
}

/**
 * A file that is sent into an account's space, as a request's whole body: larger than an action's may be. The file
 * route.ts exports it as POST. Where it came from and the permission are asked before the file is read.
 */
export function defineUpload<P extends Exclude<Permission, AccountlessPermission>, Schema extends z.ZodType, T>(
  definition: Definition<P, Schema, T>,
): UploadRoute<T> {
  const invoke: UploadRoute<T>["invoke"] = async (identity, accountToken, input, readFile) => {
    let authContext: AuthContext | null = null;
    let held: FileSlot | null = null;
    try {
      if (identity.requestedFrom !== env().APP_URL)
        throw new DomainError(
          "untrusted_origin",
          `This can only be done on ${env().APP_URL}. Open the page there and try again.`,
        );
      authContext = await authContextIn(accountToken, identity);
      const permit = authorize(authContext, definition.permission);
      const secrets = secretComplaints(input);
      if (secrets !== null) throw wrongFields(secrets);
      const parsed = parseQuery(definition.input, input, "Nothing was uploaded.");
      held = acquireFileSlot("upload", permit.account.id);
      const value = await definition.run(permit, parsed, await readFile());
      return { status: 200, headers: {}, result: { ok: true, value } };
    } catch (error) {
      return await refusalOf(error, identity.requestId, authContext?.origin ?? null);
    } finally {
      held?.release();
    }
  };
  const handle = async (request: Request, { params }: RouteContext): Promise<Response> => {
    const readFile = () => readBody(request, definition.maxBytes);
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
