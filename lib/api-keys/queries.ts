import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { mayDo } from "@/lib/auth/permit";
import { customerLimitOf, keysOf } from "@/lib/auth/rights";
import { boundedCount, COUNT_STOPS_AT, readMatchingPage, type ListOrder } from "@/lib/platform/list-page";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import {
  followsOrder,
  keyConditions,
  keysOfView,
  keyTable,
  livingKeys,
  LAST_USE_ORDER,
  NAME_ORDER,
  statusCondition,
} from "./list-conditions";
import {
  endOfTerm,
  revocationOf,
  statusOf,
  verbsFor,
  type KeyFacts,
  type KeyStatus,
  type KeyVerb,
  type RevokedReason,
} from "./policy";
import { PAGE_SIZE, type ApiKeyListQuery, type ApiKeySort } from "./schema";

type Reader = Permit<"apiKeys.read">;

/** One key as the screen sees it; times are ISO 8601 in UTC. Never a token or its hash. */
export interface ApiKeyRow {
  readonly id: number;
  readonly revision: number;
  readonly name: string;
  readonly prefix: string;
  readonly status: KeyStatus;
  readonly revocation: { readonly reason: RevokedReason; readonly at: string; readonly by: string | null } | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly apiVersion: string;
  readonly scopes: readonly string[];
  readonly lastUsedAt: string | null;
  readonly lastUsedIp: string | null;
  readonly lastUsedClient: string | null;
  readonly createdBy: string | null;
  /** The creator is no member any more; a partner's key goes on without him. */
  readonly creatorLeft: boolean;
  /** The end it would have if it were renewed now. */
  readonly renewsTo: string;
  /** Until when the token before the last regeneration still works; null when it does not. */
  readonly oldTokenUntil: string | null;
  /** The token that it had last is known to nobody after a restore: it opens nothing until it is regenerated. */
  readonly waitsForToken: boolean;
  readonly allCustomers: boolean;
  readonly customerCount: number;
  /** How many credentials of this hub hold its token. */
  readonly heldBy: number;
  readonly verbs: readonly KeyVerb[];
}

export interface KeyCounts {
  readonly all: number;
  readonly active: number;
  readonly expiring: number;
  readonly revoked: number;
}

export interface ApiKeyList {
  readonly rows: readonly ApiKeyRow[];
  readonly previous: string | null;
  readonly next: string | null;
  /** Under the search and filters at hand; each stops at 1,001. */
  readonly counts: KeyCounts;
  /** The database's clock when the page was read. */
  readonly now: string;
}

interface KeyRecord extends KeyFacts {
  readonly id: number;
  readonly sortValue: string;
  readonly revision: number;
  readonly name: string;
  readonly prefix: string;
  readonly createdAt: Date;
  readonly apiVersion: string;
  readonly scopes: string[];
  readonly termMonths: number | null;
  readonly termDays: number | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedIp: string | null;
  readonly lastUsedClient: string | null;
  readonly createdBy: string | null;
  readonly creatorLeft: boolean;
  readonly revokedBy: string | null;
  readonly oldTokenUntil: Date | null;
  readonly waitsForToken: boolean;
  readonly allCustomers: boolean;
  readonly customerCount: number;
  readonly heldBy: number;
  readonly now: Date;
}

const ORDERS: Readonly<Record<ApiKeySort, Omit<ListOrder, "direction">>> = {
  name: { name: "name", expression: NAME_ORDER, type: "text" },
  created: { name: "created", expression: Prisma.sql`created_at`, type: "timestamptz" },
  expires: { name: "expires", expression: Prisma.sql`expires_at`, type: "timestamptz" },
  last_used: {
    name: "last_used",
    expression: LAST_USE_ORDER,
    type: "timestamptz",
  },
};

/** The page's rows first, by index alone; what they need from other tables is joined to at most a page of them. */
function keyRecords(page: Prisma.Sql, resultOrder: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH page AS (${page})
    SELECT page.id, page.sort_value::text AS "sortValue", page.revision, page.name, page.prefix,
      page.created_at AS "createdAt", page.expires_at AS "expiresAt", page.warn_days AS "warnDays",
      page.revoked_at AS "revokedAt", page.revoked_reason::text AS "revokedReason", page.api_version AS "apiVersion",
      page.scopes, page.term_months AS "termMonths", page.term_days AS "termDays", used.last_used_at AS "lastUsedAt",
      used.last_used_ip AS "lastUsedIp", used.last_used_client AS "lastUsedClient", page.all_customers AS "allCustomers",
      creator.name AS "createdBy", membership.id IS NULL AS "creatorLeft", revoker.name AS "revokedBy",
      coalesce(cardinality(page.customer_ids), 0) AS "customerCount",
      (SELECT max(t.retires_at) FROM api_key_tokens t WHERE t.api_key_id = page.id AND t.retires_at > statement_timestamp()) AS "oldTokenUntil",
      NOT EXISTS (SELECT FROM api_key_tokens t WHERE t.api_key_id = page.id AND t.retires_at IS NULL) AS "waitsForToken",
      (SELECT count(*)::int FROM integration_credentials c
        WHERE c.api_key_id = page.id AND c.account_id = page.account_id AND c.deleted_at IS NULL) AS "heldBy",
      statement_timestamp() AS now
    FROM page
    LEFT JOIN api_key_uses used ON used.id = page.id
    LEFT JOIN users creator ON creator.id = page.created_by_id
    LEFT JOIN memberships membership ON membership.user_id = page.created_by_id AND membership.account_id = page.account_id
    LEFT JOIN users revoker ON revoker.id = page.revoked_by_id
    ORDER BY ${resultOrder}`;
}

function toRow(permit: Reader, record: KeyRecord): ApiKeyRow {
  const { now } = record;
  const status = statusOf(record, now);
  const revocation = revocationOf(record, now);
  const term = record.termMonths === null ? { days: record.termDays ?? 0 } : { months: record.termMonths };
  return {
    id: record.id,
    revision: record.revision,
    name: record.name,
    prefix: record.prefix,
    status,
    revocation: revocation && { reason: revocation.reason, at: revocation.at.toISOString(), by: record.revokedBy },
    createdAt: record.createdAt.toISOString(),
    expiresAt: record.expiresAt.toISOString(),
    apiVersion: record.apiVersion,
    scopes: record.scopes,
    lastUsedAt: record.lastUsedAt?.toISOString() ?? null,
    lastUsedIp: record.lastUsedIp,
    lastUsedClient: record.lastUsedClient,
    createdBy: record.createdBy,
    creatorLeft: record.creatorLeft,
    renewsTo: endOfTerm(term, now).toISOString(),
    waitsForToken: status !== "revoked" && record.waitsForToken,
    oldTokenUntil: status === "revoked" ? null : (record.oldTokenUntil?.toISOString() ?? null),
    allCustomers: record.allCustomers,
    customerCount: record.customerCount,
    heldBy: record.heldBy,
    verbs: verbsFor(status, (permission) => mayDo(permit.actor, permission)),
  };
}

/**
 * One page of the account's keys, with the counts beside the status segments. What the counts say decides how the page
 * is read.
 */
export async function listApiKeys(permit: Reader, query: ApiKeyListQuery): Promise<ApiKeyList> {
  const accountId = permit.account.id;
  const { page: conditions, near } = keyConditions(permit, query);
  const { now, ...counts } = await countKeys(permit, query);
  const isMany = counts[query.status ?? "all"] > COUNT_STOPS_AT;
  const request = {
    table: keyTable(accountId, query),
    accountId,
    conditions: Prisma.sql`${conditions} AND ${statusCondition(query.status)}`,
    nearConditions: Prisma.sql`${near} AND ${statusCondition(query.status)}`,
    reading: followsOrder(permit.actor, query) ? ("walk" as const) : isMany ? ("nearest" as const) : ("sort" as const),
    order: { ...ORDERS[query.sort], direction: query.direction },
    after: query.after,
    before: query.before,
    size: PAGE_SIZE,
  };
  const { rows, previous, next } = await readMatchingPage<KeyRecord>(request, (page, resultOrder) =>
    readSql<KeyRecord>(keyRecords(page, resultOrder)),
  );
  return { rows: rows.map((record) => toRow(permit, record)), previous, next, counts, now: now.toISOString() };
}

/**
 * The statuses are disjoint: those that live are few, so they are read by their own index and looked through; of the many
 * others only one bounded count is taken, and the revoked are what is left.
 */
async function countKeys(permit: Reader, query: ApiKeyListQuery): Promise<KeyCounts & { now: Date }> {
  const accountId = permit.account.id;
  const stop = COUNT_STOPS_AT + 1;
  const { living } = keyConditions(permit, query);
  const rows = await readSql<KeyCounts & { now: Date }>(Prisma.sql`
    WITH living AS MATERIALIZED (
      SELECT * FROM ${livingKeys(accountId)}
    ), alive AS (
      SELECT count(*) FILTER (WHERE ${statusCondition("active")})::int AS active,
        count(*) FILTER (WHERE ${statusCondition("expiring")})::int AS expiring
      FROM living WHERE ${living}
    ), counted AS (
      SELECT count(*)::int AS total FROM (
        SELECT FROM ${keysOfView(permit, query)} LIMIT (SELECT active + expiring + ${stop} FROM alive)
      ) bounded
    )
    SELECT least(total, ${stop}) AS "all", least(active, ${stop}) AS active, least(expiring, ${stop}) AS expiring,
      least(total - active - expiring, ${stop}) AS revoked, statement_timestamp() AS now
    FROM alive, counted`);
  const counts = rows[0];
  if (counts === undefined) throw new Error("the database gave no counts");
  return counts;
}

/** How many keys the viewer may see, for their tab; stops at 1,001. */
export async function countAllApiKeys(permit: Reader): Promise<number> {
  const seen = Prisma.sql`FROM ${keysOf(permit)} seen`;
  const rows = await readSql<{ count: number }>(Prisma.sql`SELECT ${boundedCount(seen)} AS count`);
  return rows[0]?.count ?? 0;
}

/** The people who created a key of this account, by a loose scan of the creators' index: as many steps as creators. */
export function listKeyCreators(permit: Reader): Promise<{ id: number; name: string }[]> {
  if (customerLimitOf(permit.actor) !== null)
    return readSql(Prisma.sql`
      SELECT u.id, u.name FROM users u WHERE u.id IN (
        SELECT created_by_id FROM ${keysOf(permit)} seen)
      ORDER BY u.name LIMIT 100`);
  return readSql(Prisma.sql`
    WITH RECURSIVE creators AS (
      (SELECT created_by_id FROM ${keysOf(permit)} k WHERE created_by_id IS NOT NULL
        ORDER BY created_by_id LIMIT 1)
      UNION ALL
      SELECT (SELECT k.created_by_id FROM ${keysOf(permit)} k
        WHERE k.created_by_id > creators.created_by_id ORDER BY k.created_by_id LIMIT 1)
      FROM creators WHERE creators.created_by_id IS NOT NULL
    )
    SELECT u.id, u.name FROM creators JOIN users u ON u.id = creators.created_by_id ORDER BY u.name LIMIT 100`);
}

export interface ApiKeyDetails extends ApiKeyRow {
  readonly last4: string;
  readonly allowedIps: readonly string[];
  /** The chosen few customers that the viewer may see. */
  readonly customers: readonly { readonly name: string; readonly token: string }[];
  readonly now: string;
}

/**
 * One key's own page.
 * @throws DomainError not_found for another account's key, and one that reaches further than the viewer, as for none
 */
export async function getApiKey(permit: Reader, id: number): Promise<ApiKeyDetails> {
  const limit = customerLimitOf(permit.actor);
  const [records, extras] = await Promise.all([
    readSql<KeyRecord>(
      keyRecords(
        Prisma.sql`SELECT *, created_at AS sort_value FROM ${keysOf(permit)} k WHERE id = ${id}`,
        Prisma.sql`page.id`,
      ),
    ),
    readSql<{ last4: string; allowedIps: string[]; customers: { name: string; token: string }[] }>(Prisma.sql`
      SELECT t.last4, k.allowed_ips AS "allowedIps",
        (SELECT coalesce(json_agg(json_build_object('name', a.name, 'token', a.token) ORDER BY a.name), '[]')
          FROM api_key_customers c JOIN accounts a ON a.id = c.account_id
          WHERE c.api_key_id = k.id AND (${limit}::int[] IS NULL OR a.id = ANY(${limit}::int[]))) AS customers
      FROM ${keysOf(permit)} k CROSS JOIN LATERAL (
        SELECT last4 FROM api_key_tokens WHERE api_key_id = k.id ORDER BY retires_at DESC NULLS FIRST LIMIT 1) t
      WHERE k.id = ${id}`),
  ]);
  const [record, extra] = [records[0], extras[0]];
  if (record === undefined || extra === undefined) {
    throw new DomainError("not_found", "There is no such API key in this account.");
  }
  return { ...toRow(permit, record), ...extra, now: record.now.toISOString() };
}

/** Keys reported leaked within the last 30 days, the latest first; at most 5, for the banner. */
export function listLeakedKeys(permit: Reader): Promise<{ id: number; name: string }[]> {
  return readSql(Prisma.sql`
    SELECT id, name FROM ${keysOf(permit)} k
    WHERE revoked_reason = 'reported_leaked' AND revoked_at > statement_timestamp() - interval '30 days'
    ORDER BY revoked_at DESC LIMIT 5`);
}
