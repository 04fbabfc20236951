import "server-only";

import type { AccountKind, AccountStatus, Plan } from "@/generated/prisma/enums";
import type { Role } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import {
  boundedCount,
  containsTyped,
  countGroups,
  likeLiteral,
  readListPage,
  type ListOrder,
} from "@/lib/platform/list-page";
import { ACCOUNT_STATUSES } from "./policy";
import type { AccountListQuery, AccountSort } from "./schema";

type Reader = Permit<"accountTokens.read" | "apiKeys.read" | "accounts.open" | "customers.read">;

export interface AccountTokenRow {
  readonly id: number;
  readonly name: string;
  readonly status: AccountStatus;
  readonly plan: Plan;
  readonly token: string;
  readonly createdAt: string;
}

export interface AccountTokenList {
  readonly rows: readonly AccountTokenRow[];
  readonly previous: string | null;
  readonly next: string | null;
  /** Under the search and filters at hand; each stops at 1,001. */
  readonly counts: Readonly<Record<AccountStatus | "all", number>>;
}

const PAGE_SIZE = 50;
/** Below three characters a trigram index does not help: such a search reads the beginnings of names. */
const TRIGRAM_LENGTH = 3;

/** By bytes: in the words of the index `accounts_by_name`. */
const NAME_ORDER = Prisma.sql`(lower(name) COLLATE "C")`;

const ORDERS: Readonly<Record<AccountSort, Omit<ListOrder, "direction">>> = {
  name: { name: "name", expression: NAME_ORDER, type: "text" },
  created: { name: "created", expression: Prisma.sql`created_at`, type: "timestamptz" },
};

/**
 * Whose tokens the viewer sees: a partner's customers (a limited viewer's own few), or, in a customer's space,
 * the accounts that the viewer belongs to.
 */
export function visibleAccounts(permit: Reader): Prisma.Sql {
  const { account, actor } = permit;
  if (account.kind === "partner") {
    const limit = actor.kind === "user" ? actor.customerLimit : null;
    return limit === null
      ? Prisma.sql`partner_id = ${account.id}`
      : Prisma.sql`partner_id = ${account.id} AND id = ANY(${[...limit]}::int[])`;
  }
  return actor.kind === "user"
    ? Prisma.sql`id IN (SELECT m.account_id FROM memberships m WHERE m.user_id = ${actor.userId})`
    : Prisma.sql`id = ${account.id}`;
}

function searchCondition(text: string): Prisma.Sql {
  const literal = likeLiteral(text);
  const token = Prisma.sql`token LIKE ${`${literal.toLowerCase()}%`}`;
  return text.length < TRIGRAM_LENGTH
    ? Prisma.sql`(${NAME_ORDER} LIKE ${`${literal.toLowerCase()}%`} OR ${token})`
    : Prisma.sql`(${containsTyped(Prisma.sql`name`, text)} OR ${token})`;
}

const withStatus = (status: AccountStatus) => Prisma.sql`status = ${status}::account_status`;
const STATUS_GROUPS = {
  all: Prisma.sql`TRUE`,
  ...(Object.fromEntries(ACCOUNT_STATUSES.map((status) => [status, withStatus(status)])) as Record<
    AccountStatus,
    Prisma.Sql
  >),
};

/** One page of the accounts that the viewer may see, with the counts beside the status segments. Two statements. */
export async function readAccounts(
  permit: Reader,
  query: AccountListQuery,
  narrowing: readonly Prisma.Sql[] = [],
): Promise<AccountTokenList> {
  const conditions = [visibleAccounts(permit), ...narrowing];
  if (query.q !== "") conditions.push(searchCondition(query.q));
  if (query.plan !== null) conditions.push(Prisma.sql`plan = ${query.plan}::plan`);
  const shared = Prisma.join(conditions, " AND ");
  const counting = countGroups({
    table: Prisma.sql`accounts`,
    conditions: shared,
    groups: STATUS_GROUPS,
    isSearched: query.q !== "",
  });
  const ids = query.q === "" ? null : (await counting).ids;
  const matching = ids ? Prisma.sql`${visibleAccounts(permit)} AND id = ANY(${[...ids]}::int[])` : shared;
  const shown = query.status === null ? STATUS_GROUPS.all : withStatus(query.status);
  const order: ListOrder = { ...ORDERS[query.sort], direction: query.direction };
  const pageRequest = { order, after: query.after, before: query.before, size: PAGE_SIZE };
  const page = readListPage(pageRequest, (window) =>
    readSql<Omit<AccountTokenRow, "createdAt"> & { createdAt: Date; sortValue: string }>(Prisma.sql`
      SELECT id, name, status::text AS status, plan::text AS plan, token, created_at AS "createdAt",
        (${order.expression})::text AS "sortValue"
      FROM accounts WHERE ${matching} AND ${shown} AND ${window.where}
      ORDER BY ${window.orderBy} LIMIT ${window.limit}`),
  );
  const [{ rows, previous, next }, { counts }] = await Promise.all([page, counting]);
  const seen = rows.map(({ id, name, status, plan, token, createdAt }) => ({
    id,
    name,
    status,
    plan,
    token,
    createdAt: createdAt.toISOString(),
  }));
  return { rows: seen, previous, next, counts };
}

/** One page of account tokens. */
export function listAccountTokens(
  permit: Permit<"accountTokens.read">,
  query: AccountListQuery,
): Promise<AccountTokenList> {
  return readAccounts(permit, query);
}

/** How many account tokens the viewer may see; stops at 1,001. */
export async function countAccountTokens(permit: Reader): Promise<number> {
  const rows = await readSql<{ count: number }>(
    Prisma.sql`SELECT ${boundedCount(Prisma.sql`FROM accounts WHERE ${visibleAccounts(permit)}`)} AS count`,
  );
  return rows[0]?.count ?? 0;
}

/** The customers that a key made by this viewer may be limited to; at most 1,000, by name. */
export function listGrantableCustomers(permit: Permit<"apiKeys.read">): Promise<{ name: string; token: string }[]> {
  if (permit.account.kind !== "partner") return Promise.resolve([]);
  return readSql(Prisma.sql`
    SELECT name, token FROM accounts WHERE ${visibleAccounts(permit)} ORDER BY ${NAME_ORDER}, id LIMIT 1000`);
}

export interface SpaceLink {
  readonly name: string;
  readonly token: string;
  readonly kind: AccountKind;
  readonly role: Role;
}

/** The spaces a person may enter, for the account switcher; at most 500, by name. */
export function listSpaces(permit: Permit<"accounts.open">): Promise<SpaceLink[]> {
  const { actor } = permit;
  if (actor.kind !== "user") return Promise.resolve([]);
  return readSql(Prisma.sql`
    SELECT a.name, a.token, a.kind::text AS kind, m.role::text AS role
    FROM memberships m JOIN accounts a ON a.id = m.account_id
    WHERE m.user_id = ${actor.userId} ORDER BY a.kind, lower(a.name), a.id LIMIT 500`);
}

/** The token of the space last used, else of the first; null for a person in no account. */
export async function homeSpace(permit: Permit<"spaces.own">): Promise<string | null> {
  const { actor } = permit;
  if (actor.kind !== "self") return null;
  const rows = await readSql<{ token: string }>(Prisma.sql`
    SELECT a.token FROM memberships m JOIN accounts a ON a.id = m.account_id JOIN users u ON u.id = m.user_id
    WHERE m.user_id = ${actor.userId} ORDER BY (a.id = u.last_account_id) IS TRUE DESC, a.kind, a.id LIMIT 1`);
  return rows[0]?.token ?? null;
}
