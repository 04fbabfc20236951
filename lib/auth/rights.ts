import { Prisma } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import type { AccountRef, Actor } from "./actor";

/**
 * What the database is asked of whoever asks for something, and what he is told where it says no: once as he is let
 * in, and again within the transaction of his act.
 */

/** Idle and absolute ends of a session, and how long a sign-in counts as fresh. */
export const SESSION_HOURS = 12;
export const IDLE_MINUTES = 30;
export const FRESH_MINUTES = 15;

/** Of a session `s`. */
export const SESSION_LIVES = Prisma.sql`
  s.expires_at > clock_timestamp() AND s.last_seen_at > clock_timestamp() - make_interval(mins => ${IDLE_MINUTES})`;
export const SIGNED_IN_RECENTLY = Prisma.sql`
  s.signed_in_at > clock_timestamp() - make_interval(mins => ${FRESH_MINUTES})`;

/** Of a membership `m`: the customers that it is limited to; null = not limited. */
export const CUSTOMER_LIMIT = Prisma.sql`
  CASE WHEN m.limited THEN ARRAY(SELECT c.account_id FROM membership_customers c WHERE c.membership_id = m.id) END`;

/** A token one has no membership for is like any unknown one. */
export function noSuchSpace(): DomainError {
  return new DomainError("not_found", "There is no such page, or you have no access to it.");
}

/** What the database said of a token at the moment it was asked, by its own clock. */
export type CredentialState = "valid" | "revoked" | "expired" | "superseded";

/**
 * Of a key `k` of account `a` by its token `t`; `m` is its creator's membership there: a customer account's key acts
 * for him and is dead without.
 */
export const KEY_STATE = `
    CASE
      WHEN k.revoked_at IS NOT NULL THEN CASE WHEN k.revoked_reason = 'expired' THEN 'expired' ELSE 'revoked' END
      WHEN k.expires_at <= clock_timestamp() THEN 'expired'
      WHEN t.retires_at <= clock_timestamp() THEN 'superseded'
      WHEN a.kind = 'customer' AND m.id IS NULL THEN 'revoked'
      ELSE 'valid'
    END`;

/** Whether such a key reaches an account `n`. */
export const KEY_REACHES = `
    (n.id = k.account_id OR (a.kind = 'partner' AND n.partner_id = k.account_id
      AND (k.all_customers OR EXISTS (SELECT FROM api_key_customers c WHERE c.api_key_id = k.id AND c.account_id = n.id))))`;

/** The customers that somebody is limited to; null = not limited. */
export function customerLimitOf(actor: Actor): readonly number[] | null {
  return actor.kind === "user" ? actor.customerLimit : null;
}

/** Of a key, whose columns stand behind `key`: it reaches some of the customers in `limit`, and none but those. */
function isWithin(key: Prisma.Sql, limit: Prisma.Sql): Prisma.Sql {
  // The second half as an expression of no index: it must not be asked for as well.
  return Prisma.sql`(NOT ${key}all_customers AND ${key}customer_ids && ${limit} AND (${key}customer_ids || '{}'::int[]) <@ ${limit})`;
}

/** Of a key `k` and a membership `m` of its account: it is there for that person, as `keysOf` has it for who asks. */
export const KEY_IS_WITHIN_MEMBERSHIP = Prisma.sql`(NOT m.limited OR ${isWithin(
  Prisma.sql`k.`,
  Prisma.sql`ARRAY(SELECT c.account_id FROM membership_customers c WHERE c.membership_id = m.id)`,
)})`;

/** The condition in `keysOf`, of `api_keys`, for the list alone, which words the rest by its indexes. */
export function withinReach(actor: Actor): Prisma.Sql {
  const limit = customerLimitOf(actor);
  return limit === null ? Prisma.sql`TRUE` : isWithin(Prisma.sql``, Prisma.sql`${[...limit]}::int[]`);
}

/** Who asks, and of which account. */
interface Reader {
  readonly actor: Actor;
  readonly account: AccountRef;
}

/**
 * The keys of the account that are there for who asks, to read from: to whoever is limited to some customers, a key that
 * reaches further, or nobody, is none. Lint lets nothing read keys for a person in any other way.
 */
export function keysOf({ actor, account }: Reader): Prisma.Sql {
  return Prisma.sql`(SELECT * FROM api_keys WHERE account_id = ${account.id} AND ${withinReach(actor)})`;
}

/** The keys that a customer of the partner's has itself, where who asks looks after it. */
export function keysOfCustomer({ actor, account }: Reader, customerId: number): Prisma.Sql {
  const limit = customerLimitOf(actor);
  return Prisma.sql`(SELECT * FROM api_keys WHERE account_id = ${customerId} AND account_id IN (
    SELECT id FROM accounts WHERE partner_id = ${account.id} AND (${limit}::int[] IS NULL OR id = ANY(${limit}::int[]))))`;
}

/** All keys of an account, for what is decided by all of them, whoever asks. Lint says who may. */
export function everyKeyOf(accountId: number): Prisma.Sql {
  return Prisma.sql`(SELECT * FROM api_keys WHERE account_id = ${accountId})`;
}

const DEAD: Readonly<
  Record<Exclude<CredentialState, "valid">, readonly ["key_revoked" | "key_expired" | "key_superseded", string]>
> = {
  revoked: ["key_revoked", "This API key was revoked. An owner or administrator of the account can make a new one."],
  expired: ["key_expired", "This API key has expired. An owner or administrator of the account can make a new one."],
  superseded: ["key_superseded", "This token was replaced by a newer one of the same API key. Use the newer one."],
};

/** @throws DomainError key_revoked, key_expired, key_superseded */
export function requireLiving(state: CredentialState): void {
  if (state !== "valid") throw new DomainError(...DEAD[state]);
}

/** An account that a key may not reach is like one that does not exist. */
export function noSuchAccount(): DomainError {
  return new DomainError("account_not_accessible", "There is no account with this token that this API key may reach.");
}

/**
 * API access needs a plan that includes it and an account that is not suspended or canceled.
 * @throws DomainError plan_required, account_inactive
 */
export function requireApiAccess({ plan, status }: Pick<AccountRef, "plan" | "status">): void {
  if (plan === "starter") {
    throw new DomainError(
      "plan_required",
      "The starter plan has no API access. It needs the professional or premium plan.",
    );
  }
  if (status === "suspended" || status === "canceled") {
    throw new DomainError("account_inactive", `This account is ${status}. The API answers again once it is active.`);
  }
}
