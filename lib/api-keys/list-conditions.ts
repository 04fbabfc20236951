import "server-only";

import type { Actor } from "@/lib/auth/actor";
import type { Permit } from "@/lib/auth/permit";
import { customerLimitOf, everyKeyOf, withinReach } from "@/lib/auth/rights";
import { Prisma } from "@/lib/platform/database/db";
import { containsTyped, likeLiteral } from "@/lib/platform/list-page";
import type { KeyStatus } from "./policy";
import type { ApiKeyListQuery } from "./schema";

/** Below three characters a trigram index does not help: such a search reads the beginnings of names. */
const TRIGRAM_LENGTH = 3;

/**
 * The statuses in SQL, as `statusOf` in policy.ts says them (a test compares the two).
 * "Not revoked" stands in the words of the partial index `api_keys_alive`.
 */
export function statusCondition(status: KeyStatus | null): Prisma.Sql {
  const warned = Prisma.sql`statement_timestamp() + make_interval(days => warn_days)`;
  switch (status) {
    case null:
      return Prisma.sql`TRUE`;
    case "active":
      return Prisma.sql`(revoked_at IS NULL AND expires_at > statement_timestamp() AND expires_at > ${warned})`;
    case "expiring":
      return Prisma.sql`(revoked_at IS NULL AND expires_at > statement_timestamp() AND expires_at <= ${warned})`;
    case "revoked":
      return Prisma.sql`(revoked_at IS NOT NULL OR expires_at <= statement_timestamp())`;
  }
}

/** Names in the list's order, by bytes: in the words of the index `api_keys_by_name`. */
export const NAME_ORDER = Prisma.sql`(lower(name) COLLATE "C")`;

/** Never = before everything: in the words of the index `api_key_uses_in_order`. */
export const LAST_USE_ORDER = Prisma.sql`COALESCE(last_used_at, '-infinity'::timestamptz)`;

/** What a page is read from; in the order of last use, that is what the keys are found by. */
export function keyTable(accountId: number, { sort }: ApiKeyListQuery): Prisma.Sql {
  const keys = everyKeyOf(accountId);
  if (sort !== "last_used") return Prisma.sql`${keys} k`;
  return Prisma.sql`(SELECT * FROM api_key_uses JOIN ${keys} k USING (id, account_id)) used`;
}

/** The keys of the account that live: few, whatever else there is. What a view asks of them is asked one by one. */
export function livingKeys(accountId: number): Prisma.Sql {
  return Prisma.sql`${everyKeyOf(accountId)} k WHERE k.revoked_at IS NULL AND k.expires_at > statement_timestamp()`;
}

/** What every key prefix begins with: of a search, only what goes beyond it tells keys apart. */
const EVERY_PREFIX = "fah_";

function searchCondition(text: string): Prisma.Sql {
  const literal = likeLiteral(text);
  if (text.length < TRIGRAM_LENGTH) return Prisma.sql`${NAME_ORDER} LIKE ${`${literal.toLowerCase()}%`}`;
  if (EVERY_PREFIX.startsWith(text)) return Prisma.sql`TRUE`;
  const name = containsTyped(Prisma.sql`name`, text);
  return text.startsWith(EVERY_PREFIX) ? Prisma.sql`(${name} OR prefix LIKE ${`${literal}%`})` : name;
}

function expiryCondition(window: NonNullable<ApiKeyListQuery["expires"]>): Prisma.Sql {
  const days = Number.parseInt(window, 10);
  return Prisma.sql`(revoked_at IS NULL AND expires_at > statement_timestamp()
    AND expires_at <= statement_timestamp() + make_interval(days => ${days}))`;
}

function lastUsedCondition(window: NonNullable<ApiKeyListQuery["used"]>): Prisma.Sql {
  if (window === "never") return Prisma.sql`${LAST_USE_ORDER} = '-infinity'::timestamptz`;
  if (window === "idle90d") {
    return Prisma.sql`(${LAST_USE_ORDER} > '-infinity'::timestamptz AND ${LAST_USE_ORDER} < statement_timestamp() - interval '90 days')`;
  }
  return Prisma.sql`${LAST_USE_ORDER} > statement_timestamp() - make_interval(days => ${Number.parseInt(window, 10)})`;
}

type Reader = Pick<Permit<"apiKeys.read">, "account" | "actor">;

/**
 * How a view asks for the last use. "joined": it stands in the row, as in the order of last use. "found": the keys are
 * found by it; those never used have an index of their own, `api_key_uses_never`. "each": it is looked up for one key
 * after the other, where "found" would have the planner read the uses of all of the account's keys first.
 */
type UseWording = "joined" | "found" | "each";

function useCondition(
  { account, actor }: Reader,
  window: NonNullable<ApiKeyListQuery["used"]>,
  wording: UseWording,
): Prisma.Sql {
  const accountId = account.id;
  const used = lastUsedCondition(window);
  if (wording === "joined") return used;
  if (wording === "each")
    return Prisma.sql`(SELECT ${used} FROM (SELECT id AS used_id, last_used_at FROM api_key_uses) uses WHERE used_id = id)`;
  if (window !== "never")
    return Prisma.sql`id IN (SELECT id FROM api_key_uses WHERE account_id = ${accountId} AND ${used})`;
  const never = Prisma.sql`SELECT id FROM api_key_uses WHERE account_id = ${accountId} AND last_used_at IS NULL`;
  if (customerLimitOf(actor) === null) return Prisma.sql`id IN (${never})`;
  // Read once: what is within his reach would be looked up there one by one.
  return Prisma.sql`id IN (WITH never AS MATERIALIZED (${never}) SELECT id FROM never)`;
}

/**
 * Whether the order's own index finds a page at once: the view leaves nearly all keys of the order or of a stretch of it.
 * Of keys that live an account has a few dozen; they may stand anywhere among those that were.
 */
export function followsOrder(actor: Actor, view: ApiKeyListQuery): boolean {
  const { q, status, version, scope, creator, expires, used, sort } = view;
  if (customerLimitOf(actor) !== null) return false;
  if (status === "active" || status === "expiring") return false;
  const stretch = { name: q.length < TRIGRAM_LENGTH ? q : "", created: "", expires, last_used: used }[sort];
  const narrowing = [q === "" ? null : q, version, scope, creator, expires, used].filter((choice) => choice !== null);
  return narrowing.length === 0 || (narrowing.length === 1 && narrowing[0] === stretch);
}

/**
 * Of somebody limited, what is within his reach is looked through: by the creators' index the planner would go through
 * all that one has made, in an order that touches each block many times.
 */
function creatorCondition(actor: Actor, creator: number): Prisma.Sql {
  return customerLimitOf(actor) === null
    ? Prisma.sql`created_by_id = ${creator}`
    : Prisma.sql`created_by_id + 0 = ${creator}`;
}

/** What a search and the filters ask of a key itself. */
function ownConditions(actor: Actor, query: ApiKeyListQuery): Prisma.Sql[] {
  const conditions: Prisma.Sql[] = [];
  if (query.q !== "") conditions.push(searchCondition(query.q));
  if (query.version !== null) conditions.push(Prisma.sql`api_version = ${query.version}`);
  if (query.scope !== null) conditions.push(Prisma.sql`scopes @> ARRAY[${query.scope}]::text[]`);
  if (query.creator !== null) conditions.push(creatorCondition(actor, query.creator));
  if (query.expires !== null) conditions.push(expiryCondition(query.expires));
  return conditions;
}

function conditionsOf({ account, actor }: Reader, query: ApiKeyListQuery, wording: UseWording): Prisma.Sql {
  const accountId = account.id;
  const conditions = [Prisma.sql`account_id = ${accountId}`, ...ownConditions(actor, query)];
  if (customerLimitOf(actor) !== null) conditions.push(withinReach(actor));
  if (query.used !== null) conditions.push(useCondition({ account, actor }, query.used, wording));
  return Prisma.join(conditions, " AND ");
}

/** Everything of a view but its status: account, search and filters. */
export interface KeyConditions {
  /** Of `keyTable`. */
  readonly page: Prisma.Sql;
  /** The same, for rows of it that are looked at one by one. */
  readonly near: Prisma.Sql;
  /** The same, of the few keys of `api_keys` that live. */
  readonly living: Prisma.Sql;
}

export function keyConditions(reader: Reader, query: ApiKeyListQuery): KeyConditions {
  const [found, living] = [conditionsOf(reader, query, "found"), conditionsOf(reader, query, "each")];
  if (query.sort !== "last_used") return { page: found, near: query.used === "never" ? found : living, living };
  const joined = conditionsOf(reader, query, "joined");
  return { page: joined, near: joined, living };
}

/** The keys of a view, whatever their status, for counting: where it asks for nothing but their last use, that alone. */
export function keysOfView(reader: Reader, query: ApiKeyListQuery): Prisma.Sql {
  const asksUseAlone = query.used !== null && ownConditions(reader.actor, query).length === 0;
  return asksUseAlone && customerLimitOf(reader.actor) === null
    ? Prisma.sql`api_key_uses WHERE ${conditionsOf(reader, query, "joined")}`
    : Prisma.sql`${everyKeyOf(reader.account.id)} k WHERE ${conditionsOf(reader, query, "found")}`;
}
