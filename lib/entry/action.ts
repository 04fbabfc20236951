import "server-only";
import { revalidatePath } from "next/cache";
import { z } from "zod";

import type { AccountRef } from "@/lib/auth/actor";
import { markEntry } from "@/lib/auth/entries";
import { keepNext } from "@/lib/auth/next-cookie";
import type { AccountlessPermission, OwnPermission, Permission } from "@/lib/auth/permissions";
import { anyonesAuthContext, type AuthContext, type Permit } from "@/lib/auth/permit";
import { ownAuthContext, authContextIn, currentIdentity, type RequestIdentity } from "@/lib/auth/session";
import { noSuchRecord } from "@/lib/platform/errors";
import { attempt, type Attempted, type Way } from "./attempt";
import type { Failure } from "./failure";
import { readForm } from "./read-input";

/** What a form shows of a refusal. */
export type ActionError = Omit<Failure, "code"> & {
  /** `updated`: a page of another release asked for an action that this one does not have. */
  readonly code: Failure["code"] | "updated";
};

export type ActionResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ActionError };

interface Definition<P extends Permission, Schema extends z.ZodType, T> {
  readonly permission: P;
  /** Strict: an unknown field is refused. Never names the tenant. */
  readonly input: Schema;
  readonly run: (permit: Permit<P>, input: z.output<Schema>) => Promise<T>;
  /** Said of what only a customer's space has; in a partner's it is not found. */
  readonly account?: "customer";
  /** The field that asks for a secret, such as a key: elsewhere one is refused. */
  readonly secretField?: string;
  /** What to do next, shown where the database was lost during the act and its outcome is unknown. */
  readonly whenUnknown?: string;
}

interface AccountDefinition<P extends Permission, Schema extends z.ZodType, T> extends Definition<P, Schema, T> {
  /** The pages to be rendered anew. */
  readonly revalidate?: (account: AccountRef) => readonly string[];
}

interface AccountlessDefinition<P extends Permission, Schema extends z.ZodType, T> extends Definition<P, Schema, T> {
  /**
   * Where this browser continues after the sign-in that follows; null = the start page. Only for actions that lead to a
   * sign-in, on pages that may be rendered again: Next renders a page again whenever an action sets a cookie.
   */
  readonly leadsOnTo?: (input: z.input<Schema>) => string | null;
}

/** `invoke` is the action as somebody calls it by hand: what tests and a forged request have. */
interface AccountAction<Schema extends z.ZodType, T> {
  /** @param submissionId a UUID that a form chose when it opened: sent twice, it has one effect */
  (accountToken: string, input: z.input<Schema>, submissionId?: string): Promise<ActionResult<T>>;
  readonly invoke: (identity: RequestIdentity, accountToken: string, input: unknown) => Promise<ActionResult<T>>;
}

interface AccountlessAction<Schema extends z.ZodType, T> {
  (input: z.input<Schema>): Promise<ActionResult<T>>;
  readonly invoke: (identity: RequestIdentity, input: unknown) => Promise<ActionResult<T>>;
}

/** An action as a way in. What only a customer's space has is no record in a partner's, whatever was sent. */
function wayOf<P extends Permission, Schema extends z.ZodType, T>(
  { permission, input: schema, run, account, secretField, whenUnknown }: Definition<P, Schema, T>,
  input: unknown,
): Way<P, z.output<Schema>, T> {
  const read = (permit: Permit<P>) => {
    const parsed = readForm(schema, input, secretField);
    if (account !== undefined && permit.account?.kind !== account) throw noSuchRecord();
    return parsed;
  };
  return {
    what: "an action",
    from: "ourPages",
    permission,
    read,
    run,
    ...(whenUnknown !== undefined && { whenUnknown }),
  };
}

function resultOf<T>(attempted: Attempted<T>): ActionResult<T> {
  return attempted.ok ? { ok: true, value: attempted.value } : attempted;
}

/** Anything else is ignored: a submission id protects nothing but the form that chose it. */
function isSubmissionId(value: unknown): value is string {
  return z.uuid().safeParse(value).success;
}

/**
 * A server action of an account's space. A page binds its account token as the first argument; the permission is
 * asked in that account before the input is looked at.
 */
export function defineAction<P extends Exclude<Permission, AccountlessPermission>, Schema extends z.ZodType, T>(
  definition: AccountDefinition<P, Schema, T>,
): AccountAction<Schema, T> {
  // Typed as it really comes: whoever calls an action by hand sends what he likes.
  const perform = (identity: RequestIdentity, accountToken: unknown, input: unknown) =>
    attempt(wayOf(definition, input), identity, (from) =>
      authContextIn(typeof accountToken === "string" ? accountToken : "", from),
    );
  const action = async (accountToken: string, input: unknown, submissionId?: unknown): Promise<ActionResult<T>> => {
    const identity = { ...(await currentIdentity()), ...(isSubmissionId(submissionId) && { submissionId }) };
    const attempted = await perform(identity, accountToken, input);
    const pages = attempted.ok && attempted.account ? definition.revalidate?.(attempted.account) : [];
    for (const page of pages ?? []) revalidatePath(page);
    return resultOf(attempted);
  };
  const invoke = async (identity: RequestIdentity, accountToken: string, input: unknown) =>
    resultOf(await perform(identity, accountToken, input));
  return markEntry(Object.assign(action, { invoke }), { kind: "action", permission: definition.permission });
}

function defineAccountlessAction<P extends AccountlessPermission, Schema extends z.ZodType, T>(
  definition: AccountlessDefinition<P, Schema, T>,
  ask: (identity: RequestIdentity) => Promise<AuthContext>,
): AccountlessAction<Schema, T> {
  const invoke = async (identity: RequestIdentity, input: unknown): Promise<ActionResult<T>> =>
    resultOf(await attempt(wayOf(definition, input), identity, ask));
  const action = async (input: z.input<Schema>) => {
    const result = await invoke(await currentIdentity(), input);
    if (result.ok && definition.leadsOnTo !== undefined) await keepNext(definition.leadsOnTo(input));
    return result;
  };
  return markEntry(Object.assign(action, { invoke }), { kind: "action", permission: definition.permission });
}

/** A server action that nobody has to be signed in for, such as asking for a sign-in link. */
export function definePublicAction<P extends AccountlessPermission, Schema extends z.ZodType, T>(
  definition: AccountlessDefinition<P, Schema, T>,
): AccountlessAction<Schema, T> {
  return defineAccountlessAction(definition, ({ ip, requestId }) =>
    Promise.resolve(anyonesAuthContext({ ip, requestId })),
  );
}

/** A server action on one's own things, such as one's sessions: for whoever is signed in, in no account. */
export function defineOwnAction<P extends OwnPermission, Schema extends z.ZodType, T>(
  definition: Definition<P, Schema, T>,
): AccountlessAction<Schema, T> {
  return defineAccountlessAction(definition, ownAuthContext);
}
