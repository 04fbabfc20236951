import "server-only";
import { revalidatePath } from "next/cache";
import { z } from "zod";

import { env } from "@/lib/platform/env";
import { DomainError, noSuchRecord, type FieldErrors } from "@/lib/platform/errors";
import { secretComplaints, redactSecretsWithin } from "@/lib/platform/secret-patterns";
import type { AccountRef } from "./actor";
import { markEntry } from "./entries";
import { failureOf, type Failure } from "./failure";
import { keepNext } from "./next-cookie";
import type { AccountlessPermission, OwnPermission, Permission } from "./permissions";
import { authorize, type AuthContext, type Permit } from "./permit";
import { ownAuthContext, authContextIn, currentIdentity, type RequestIdentity } from "./session";

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
  /** The way on where the database was lost at that very moment, and it is not known whether it was done. */
  readonly whenUnknown?: string;
}

interface AccountDefinition<P extends Permission, Schema extends z.ZodType, T> extends Definition<P, Schema, T> {
  /** The pages to be rendered anew. */
  readonly revalidate?: (account: AccountRef) => readonly string[];
}

interface AccountlessDefinition<P extends Permission, Schema extends z.ZodType, T> extends Definition<P, Schema, T> {
  /**
   * Where this browser goes on to after the sign-in that follows; null = to the start. Said of what leads to one, from
   * a page that may be rendered anew: Next does so whenever an action sets a cookie.
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

/** A request that does not come from our own pages acts for nobody; the framework lets one without `Origin` through. */
function checkOrigin(identity: RequestIdentity): void {
  if (identity.requestedFrom !== env().APP_URL) {
    throw new DomainError(
      "untrusted_origin",
      `This can only be done on ${env().APP_URL}. Open the page there and try again.`,
    );
  }
}

/** What fields held before is kept nowhere: who takes a secret out of one sends it there. */
function withoutSeen(input: unknown): unknown {
  return typeof input === "object" && input !== null && "seen" in input ? { ...input, seen: null } : input;
}

function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const refused = (fields: FieldErrors) =>
    new DomainError("invalid_input", "Some fields need another look. Nothing was saved.", redactSecretsWithin(fields));
  const secrets = Object.entries(secretComplaints(withoutSeen(input)) ?? {});
  if (secrets.length > 0)
    throw refused(Object.fromEntries(secrets.map(([name, [complaint]]) => [name, [`This ${complaint}.`]])));
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string[]> = {};
  for (const issue of parsed.error.issues) (fields[issue.path.join(".")] ??= []).push(issue.message);
  throw refused(fields);
}

interface Attempt<T> {
  readonly result: ActionResult<T>;
  readonly account: AccountRef | null;
}

async function attempt<P extends Permission, Schema extends z.ZodType, T>(
  definition: Definition<P, Schema, T>,
  identity: RequestIdentity,
  ask: () => Promise<AuthContext>,
  input: unknown,
): Promise<Attempt<T>> {
  let authContext: AuthContext | null = null;
  try {
    checkOrigin(identity);
    authContext = await ask();
    const permit = authorize(authContext, definition.permission);
    const parsed = parseInput(definition.input, input);
    if (definition.account !== undefined && authContext.account?.kind !== definition.account) throw noSuchRecord();
    const value = await definition.run(permit, parsed);
    return { result: { ok: true, value }, account: authContext.account };
  } catch (error) {
    const { whenUnknown } = definition;
    const attempted = { what: "an action", requestId: identity.requestId, origin: authContext?.origin ?? null };
    const failure = await failureOf(error, { ...attempted, ...(whenUnknown !== undefined && { whenUnknown }) });
    return { result: { ok: false, error: failure }, account: null };
  }
}

/** Anything else is none: it only protects its own form. */
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
    attempt(
      definition,
      identity,
      () => authContextIn(typeof accountToken === "string" ? accountToken : "", identity),
      input,
    );
  const action = async (accountToken: string, input: unknown, submissionId?: unknown): Promise<ActionResult<T>> => {
    const identity = { ...(await currentIdentity()), ...(isSubmissionId(submissionId) && { submissionId }) };
    const { result, account } = await perform(identity, accountToken, input);
    if (account) for (const path of definition.revalidate?.(account) ?? []) revalidatePath(path);
    return result;
  };
  const invoke = async (identity: RequestIdentity, accountToken: string, input: unknown) =>
    (await perform(identity, accountToken, input)).result;
  return markEntry(Object.assign(action, { invoke }), { kind: "action", permission: definition.permission });
}

function defineAccountlessAction<P extends AccountlessPermission, Schema extends z.ZodType, T>(
  definition: AccountlessDefinition<P, Schema, T>,
  ask: (identity: RequestIdentity) => Promise<AuthContext>,
): AccountlessAction<Schema, T> {
  const invoke = async (identity: RequestIdentity, input: unknown): Promise<ActionResult<T>> =>
    (await attempt(definition, identity, () => ask(identity), input)).result;
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
    Promise.resolve({ actor: { kind: "anyone" }, account: null, origin: { ip, requestId } }),
  );
}

/** A server action on one's own things, such as one's sessions: for whoever is signed in, in no account. */
export function defineOwnAction<P extends OwnPermission, Schema extends z.ZodType, T>(
  definition: Definition<P, Schema, T>,
): AccountlessAction<Schema, T> {
  return defineAccountlessAction(definition, ownAuthContext);
}
