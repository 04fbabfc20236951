import { DomainError } from "@/lib/platform/errors";
import type { AccountRef, Actor, RequestOrigin } from "./actor";
import { ruleOf, type AccountlessPermission, type Permission } from "./permissions";

declare const permitted: unique symbol;

/**
 * Proof that `actor` may do `P`: only `authorize` makes one, so what was not authorized cannot be called.
 * A function that several permissions may call takes their union.
 */
export interface Permit<P extends Permission> {
  readonly [permitted]: P;
  readonly permission: P;
  readonly actor: Actor;
  readonly account: P extends AccountlessPermission ? null : AccountRef;
  readonly origin: RequestOrigin;
}

export interface AuthContext {
  readonly actor: Actor;
  readonly account: AccountRef | null;
  readonly origin: RequestOrigin;
}

/** Nobody has to be known: what lets in whoever comes asks so. */
export function anyonesAuthContext(origin: RequestOrigin): AuthContext {
  return { actor: { kind: "anyone" }, account: null, origin };
}

function actorMay(actor: Actor, permission: Permission): boolean {
  const rule = ruleOf(permission);
  switch (actor.kind) {
    case "user":
      if (rule.wholeAccount && actor.customerLimit !== null) return false;
      return rule.roles.includes(actor.role) || rule.anyone === true;
    case "apiKey":
      if (rule.scope === null) return false;
      if (rule.scope !== "any" && !actor.scopes.includes(rule.scope)) return false;
      return actor.creatorRole === null || rule.roles.includes(actor.creatorRole);
    case "self":
      return rule.self === true || rule.anyone === true;
    case "system":
      return rule.system === true;
    case "anyone":
      return rule.anyone === true;
  }
}

/** Whether a page may offer a thing; says nothing of a fresh sign-in, which is asked for when it is done. */
export function mayDo(actor: Actor, permission: Permission): boolean {
  return actorMay(actor, permission);
}

function refusal(actor: Actor, permission: Permission): DomainError {
  if (actor.kind === "anyone") return new DomainError("not_signed_in", "Sign in to go on.");
  if (actor.kind === "apiKey") {
    const { scope } = ruleOf(permission);
    return scope === null || scope === "any"
      ? new DomainError("insufficient_scope", "No API key may do this.")
      : new DomainError(
          "insufficient_scope",
          actor.scopes.includes(scope)
            ? `The scope ${scope} would do, but the user whom this key acts for may not do this. Ask an owner or administrator.`
            : `This needs a key with the scope ${scope}.`,
        );
  }
  return new DomainError("forbidden", "Your role does not allow this. Ask an owner or administrator of this account.");
}

/**
 * The one place where a permit is made. Reads nothing: the context carries what the database said for this request.
 * @throws DomainError not_signed_in, forbidden, insufficient_scope, fresh_sign_in_required
 */
export function authorize<P extends Permission>(authContext: AuthContext, permission: P): Permit<P> {
  const { actor, account, origin } = authContext;
  if (!actorMay(actor, permission)) throw refusal(actor, permission);
  const rule = ruleOf(permission);
  if (rule.freshSignIn && actor.kind === "user" && !actor.signedInRecently) {
    throw new DomainError(
      "fresh_sign_in_required",
      "This needs a sign-in within the last 15 minutes. Nothing was changed; sign in again and go on where you were.",
    );
  }
  const accountless = rule.anyone ?? rule.self ?? rule.system ?? false;
  if (!accountless && account === null) throw new Error(`${permission} was asked for without an account`);
  return { permission, actor, account: accountless ? null : account, origin } as Permit<P>;
}
