import "server-only";

import type { AccountStatus, Plan, Role } from "@/generated/prisma/enums";
import { mayDo, type Permit } from "@/lib/auth/permit";
import { customerLimitOf, keysOf, keysOfCustomer } from "@/lib/auth/rights";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import { boundedCount } from "@/lib/platform/list-page";
import { customerVerbs, type CustomerVerb } from "./policy";
import { readAccounts, visibleAccounts, type AccountTokenList, type AccountTokenRow } from "./queries";
import type { CustomerListQuery } from "./schema";

type Reader = Permit<"customers.read">;

/** A partner's person who is limited to some customers, among them this one. */
export interface Advisor {
  readonly id: number;
  readonly name: string;
}

export interface CustomerRow extends AccountTokenRow {
  readonly advisors: readonly Advisor[];
}

export interface CustomerList extends Omit<AccountTokenList, "rows"> {
  readonly rows: readonly CustomerRow[];
}

/** What one row shows of its advisors at most. */
const ADVISORS_SHOWN = 20;
/** What a customer's page lists of people and keys at most; the counts beside them go on. */
const LISTED = 50;
/** How many advisors the filter offers. */
const ADVISOR_CHOICES = 100;

function refuseOutsideHub({ account }: Reader): void {
  if (account.kind !== "partner") throw new DomainError("not_found", "Only a partner has customers.");
}

/** The limited people of the partner who look after an account. */
function advisorsOf(partnerId: number, accountId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT u.id, u.name FROM membership_customers c
    JOIN memberships m ON m.id = c.membership_id AND m.account_id = ${partnerId} AND m.limited
    JOIN users u ON u.id = m.user_id
    WHERE c.account_id = ${accountId} ORDER BY u.name, u.id LIMIT ${ADVISORS_SHOWN}`;
}

/** One page of the partner's customers; a limited viewer's own few. Three statements. @throws DomainError not_found */
export async function listCustomers(permit: Reader, query: CustomerListQuery): Promise<CustomerList> {
  refuseOutsideHub(permit);
  const partnerId = permit.account.id;
  const narrowing =
    query.advisor === null
      ? []
      : [
          Prisma.sql`id IN (SELECT c.account_id FROM membership_customers c JOIN memberships m ON m.id = c.membership_id
            WHERE m.account_id = ${partnerId} AND m.user_id = ${query.advisor} AND m.limited)`,
        ];
  const list = await readAccounts(permit, query, narrowing);
  const ids = list.rows.map(({ id }) => id);
  const found = await readSql<{ id: number; advisors: Advisor[] }>(Prisma.sql`
    SELECT a.id, coalesce((SELECT json_agg(advisor) FROM (${advisorsOf(partnerId, Prisma.sql`a.id`)}) advisor), '[]') AS advisors
    FROM accounts a WHERE a.partner_id = ${partnerId} AND a.id = ANY(${ids}::int[])`);
  const advisors = new Map(found.map((row) => [row.id, row.advisors]));
  return { ...list, rows: list.rows.map((row) => ({ ...row, advisors: advisors.get(row.id) ?? [] })) };
}

/** Whom the list can be narrowed to: the partner's limited people who look after what the viewer sees; at most 100, by name. */
export function listAdvisors(permit: Reader): Promise<Advisor[]> {
  const limit = permit.actor.kind === "user" ? permit.actor.customerLimit : null;
  return readSql(Prisma.sql`
    SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.account_id = ${permit.account.id} AND m.limited AND (${limit}::int[] IS NULL OR EXISTS (
      SELECT FROM membership_customers c WHERE c.membership_id = m.id AND c.account_id = ANY(${limit}::int[])))
    ORDER BY u.name, u.id LIMIT ${ADVISOR_CHOICES}`);
}

export interface CustomerPerson {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

export interface InvitedOwner {
  readonly email: string;
  /** Its link opens nothing any more. */
  readonly isExpired: boolean;
}

export interface ReachingKey {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  /** Of the partner, or of the customer itself, whose keys the partner cannot open. */
  readonly ofPartner: boolean;
  /** One of the partner's that reaches all customers, also those to come. */
  readonly reachesAll: boolean;
  readonly scopes: readonly string[];
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
}

/** A customer's own page in the Hub; times are ISO 8601 in UTC. Counts stop at 1,001. */
export interface CustomerDetails {
  readonly name: string;
  readonly token: string;
  readonly plan: Plan;
  readonly status: AccountStatus;
  readonly city: string | null;
  readonly country: string | null;
  readonly createdAt: string;
  readonly vehicles: number;
  readonly peopleCount: number;
  readonly people: readonly CustomerPerson[];
  readonly hasOwner: boolean;
  /** Owners invited who have not come yet. */
  readonly invitedOwners: readonly InvitedOwner[];
  readonly advisors: readonly Advisor[];
  readonly keyCount: number;
  /** The viewer is limited: keys of the partner that reach further than he does are not among them. */
  readonly keysWithinReachOnly: boolean;
  readonly keys: readonly ReachingKey[];
  readonly now: string;
  readonly verbs: readonly CustomerVerb[];
}

interface CustomerRecord extends Pick<
  CustomerDetails,
  | "name"
  | "token"
  | "plan"
  | "status"
  | "city"
  | "country"
  | "vehicles"
  | "peopleCount"
  | "hasOwner"
  | "invitedOwners"
  | "advisors"
> {
  readonly id: number;
  readonly createdAt: Date;
  readonly now: Date;
}

async function readCustomer(permit: Reader, token: string): Promise<CustomerRecord> {
  const [found] = await readSql<CustomerRecord>(Prisma.sql`
    SELECT a.id, a.name, a.token, a.plan::text AS plan, a.status::text AS status, a.city, a.country,
      a.created_at AS "createdAt", statement_timestamp() AS now,
      ${boundedCount(Prisma.sql`FROM vehicles v WHERE v.account_id = a.id AND v.archived_at IS NULL`)} AS vehicles,
      ${boundedCount(Prisma.sql`FROM memberships m WHERE m.account_id = a.id`)} AS "peopleCount",
      EXISTS (SELECT FROM memberships o WHERE o.account_id = a.id AND o.role = 'owner') AS "hasOwner",
      coalesce((SELECT json_agg(invited) FROM (
        SELECT i.email, i.expires_at <= statement_timestamp() AS "isExpired" FROM invitations i WHERE i.account_id = a.id
          AND i.role = 'owner' AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL ORDER BY i.id LIMIT ${LISTED}) invited), '[]') AS "invitedOwners",
      coalesce((SELECT json_agg(advisor) FROM (${advisorsOf(permit.account.id, Prisma.sql`a.id`)}) advisor), '[]') AS advisors
    FROM (SELECT * FROM accounts WHERE ${visibleAccounts(permit)} AND token = ${token}) a`);
  if (!found) throw new DomainError("not_found", "There is no such customer, or it is not yours.");
  return found;
}

function readPeople(customerId: number): Promise<CustomerPerson[]> {
  return readSql(Prisma.sql`
    SELECT u.name, u.email, m.role::text AS role FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.account_id = ${customerId} ORDER BY m.role, u.name, m.id LIMIT ${LISTED}`);
}

type KeyRecord = Omit<ReachingKey, "expiresAt" | "lastUsedAt"> & { expiresAt: Date; lastUsedAt: Date | null };

/** Every valid key that opens the customer: its own, and the partner's that reach all or have it among their few. */
async function readKeys(permit: Reader, customerId: number): Promise<{ count: number; keys: ReachingKey[] }> {
  const partnerId = permit.account.id;
  const reaching = Prisma.sql`FROM (
    SELECT * FROM ${keysOfCustomer(permit, customerId)} own UNION ALL
    SELECT * FROM ${keysOf(permit)} partners WHERE all_customers OR customer_ids @> ARRAY[${customerId}]::int[]
  ) k WHERE k.revoked_at IS NULL AND k.expires_at > statement_timestamp()`;
  const [records, [counted]] = await Promise.all([
    readSql<KeyRecord>(Prisma.sql`
      SELECT k.id, k.name, k.prefix, k.account_id = ${partnerId} AS "ofPartner",
        k.account_id = ${partnerId} AND k.all_customers AS "reachesAll", k.scopes,
        k.expires_at AS "expiresAt",
        (SELECT u.last_used_at FROM api_key_uses u WHERE u.id = k.id) AS "lastUsedAt"
      ${reaching} ORDER BY k.account_id = ${partnerId}, k.created_at DESC, k.id DESC LIMIT ${LISTED}`),
    readSql<{ count: number }>(Prisma.sql`SELECT ${boundedCount(reaching)} AS count`),
  ]);
  const keys = records.map((key) => ({
    ...key,
    expiresAt: key.expiresAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }));
  return { count: counted?.count ?? 0, keys };
}

/** One customer, its people, and the keys that can reach it. Four statements. @throws DomainError not_found */
export async function getCustomer(permit: Reader, token: string): Promise<CustomerDetails> {
  refuseOutsideHub(permit);
  const { id, createdAt, now, ...customer } = await readCustomer(permit, token);
  const [people, { count, keys }] = await Promise.all([readPeople(id), readKeys(permit, id)]);
  return {
    ...customer,
    createdAt: createdAt.toISOString(),
    now: now.toISOString(),
    people,
    keyCount: count,
    keysWithinReachOnly: customerLimitOf(permit.actor) !== null,
    keys,
    verbs: customerVerbs(customer, mayDo(permit.actor, "customers.manage")),
  };
}
