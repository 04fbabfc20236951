import "server-only";

import type { AccountRef } from "@/lib/auth/actor";
import type { Permission } from "@/lib/auth/permissions";
import { authorize, type AuthContext, type Permit } from "@/lib/auth/permit";
import type { RequestIdentity } from "@/lib/auth/session";
import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/platform/errors";
import { failureOf, type Failure } from "./failure";
import { acquireFileSlot, type FileKind, type FileSlot } from "./file-slots";

/** What is done for whoever may do it. */
export interface Deed<P extends Permission, Input, T> {
  readonly permission: P;
  /** Takes the input out of what was sent: nobody looks at that before the permit is there. */
  readonly read: (permit: Permit<P>) => Input | Promise<Input>;
  readonly run: (permit: Permit<P>, input: Input) => Promise<T>;
}

/** Asks for the permission, then for the input, then does it. What the database said of `authContext` is of this request. */
export async function admit<P extends Permission, Input, T>(
  deed: Deed<P, Input, T>,
  authContext: AuthContext,
): Promise<T> {
  const permit = authorize(authContext, deed.permission);
  return deed.run(permit, await deed.read(permit));
}

/** A way in that a person uses, by a browser. */
export interface Way<P extends Permission, Input, T> {
  /** For the log: such as "an action". */
  readonly what: string;
  /** A browser sends its cookie along wherever a page of another site sends it: what changes something wants to know. */
  readonly from: "ourPages" | "anywhere";
  readonly permission: P;
  readonly read: Deed<P, Input, T>["read"];
  /**
   * A slot among the files that an account may have under way: held around the work, and given back where it fails;
   * where it is done too, or when what came of it has been read.
   */
  readonly slot?: { readonly kind: FileKind; readonly until: "done" | "read" };
  readonly run: (permit: Permit<P>, input: Input, slot: FileSlot) => Promise<T>;
  /** The way on where the database was lost at that very moment, and it is not known whether it was done. */
  readonly whenUnknown?: string;
}

export type Attempted<T> =
  | { readonly ok: true; readonly value: T; readonly account: AccountRef | null }
  | { readonly ok: false; readonly error: Failure };

/** A request that does not come from our own pages acts for nobody; the framework lets one without `Origin` through. */
function checkOrigin({ requestedFrom }: RequestIdentity): void {
  if (requestedFrom !== env().APP_URL) {
    throw new DomainError(
      "untrusted_origin",
      `This can only be done on ${env().APP_URL}. Open the page there and try again.`,
    );
  }
}

const NO_SLOT: FileSlot = {
  progress: () => undefined,
  release: () => undefined,
  taken: new AbortController().signal,
};

function acquireSlot({ slot }: Pick<Way<Permission, unknown, unknown>, "slot">, account: AccountRef | null): FileSlot {
  if (slot === undefined) return NO_SLOT;
  if (account === null) throw new Error("a file under way belongs to an account");
  return acquireFileSlot(slot.kind, account.id);
}

/**
 * Lets somebody in: where the request came from, who asks, whether he may, what he sent, and only then the work. What
 * it ends with is told in any case: a refusal as itself, a surprise as one.
 * @param ask who asks; the permit, and whatever is noted of the work, carries his origin
 */
export async function attempt<P extends Permission, Input, T>(
  way: Way<P, Input, T>,
  identity: RequestIdentity,
  ask: (identity: RequestIdentity) => Promise<AuthContext>,
): Promise<Attempted<T>> {
  let authContext: AuthContext | null = null;
  let slot = NO_SLOT;
  try {
    if (way.from === "ourPages") checkOrigin(identity);
    authContext = await ask(identity);
    const { account } = authContext;
    const run = (permit: Permit<P>, input: Input) => {
      slot = acquireSlot(way, account);
      return way.run(permit, input, slot);
    };
    const value = await admit({ permission: way.permission, read: way.read, run }, authContext);
    if (way.slot?.until !== "read") slot.release();
    return { ok: true, value, account };
  } catch (error) {
    slot.release();
    const { what, whenUnknown } = way;
    const attempted = { what, requestId: identity.requestId, origin: authContext?.origin ?? null };
    return {
      ok: false,
      error: await failureOf(error, { ...attempted, ...(whenUnknown !== undefined && { whenUnknown }) }),
    };
  }
}
