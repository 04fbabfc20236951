import "server-only";

import { authenticatedKeyOf } from "@/lib/auth/credentials";
import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { ListDefinition, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList, type ListSource } from "@/lib/public-api/lists/read-list";
import type { AccountRecord } from "./presenter";

const createdAt = { column: Prisma.sql`a.created_at`, type: "timestamp" } as const;
const updatedAt = { column: Prisma.sql`a.updated_at`, type: "timestamp" } as const;

export const accountList: ListDefinition = {
  resource: "accounts",
  id: Prisma.sql`a.id`,
  filters: {
    account_name: { column: Prisma.sql`a.name`, type: "text" },
    account_url_token: { column: Prisma.sql`a.token`, type: "fixedText" },
    created_at: createdAt,
    updated_at: updatedAt,
  },
  sorts: { created_at: createdAt, updated_at: updatedAt },
};

/** A partner's key: its customers, all or the chosen ones. A customer's key: its own account. */
function reachOf(permit: Permit<"accounts.list">): Prisma.Sql {
  const { ownAccount, allCustomers, apiKeyId } = authenticatedKeyOf(permit.actor);
  if (ownAccount.kind === "customer") return Prisma.sql`a.id = ${ownAccount.id}`;
  const chosen = Prisma.sql`EXISTS (SELECT FROM api_key_customers c WHERE c.api_key_id = ${apiKeyId} AND c.account_id = a.id)`;
  return allCustomers
    ? Prisma.sql`a.partner_id = ${ownAccount.id}`
    : Prisma.sql`a.partner_id = ${ownAccount.id} AND ${chosen}`;
}

function sourceOf(permit: Permit<"accounts.list">): ListSource {
  const { creatorRole, creatorMembershipId } = authenticatedKeyOf(permit.actor);
  return {
    accountId: permit.account.id,
    select: Prisma.sql`a.id, a.name, a.token, a.plan::text AS plan, a.status::text AS status, a.city, a.country,
      a.currency_symbol AS "currencySymbol", a.default_meter_unit::text AS "defaultMeterUnit",
      a.default_fuel_volume_unit::text AS "defaultFuelVolumeUnit", a.system_of_measurement::text AS "systemOfMeasurement",
      a.created_at AS "createdAt", a.updated_at AS "updatedAt",
      ${creatorRole}::text AS role, ${creatorRole === null ? null : creatorMembershipId}::int AS "membershipId"`,
    from: Prisma.sql`accounts a`,
    where: reachOf(permit),
  };
}

/** The accounts that a key may reach. */
export function listAccountsForKey(
  permit: Permit<"accounts.list">,
  request: ListRequest,
): Promise<ListPage<AccountRecord>> {
  return readList<AccountRecord>(accountList, request, sourceOf(permit));
}

/** @throws DomainError not_found: no such account, or out of this key's reach, which must look the same */
export async function findAccountForKey(
  permit: Permit<"accounts.list">,
  { id }: { id: number },
): Promise<AccountRecord> {
  const { select, from, where } = sourceOf(permit);
  const [account] = await readSql<AccountRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND a.id = ${id}`,
  );
  if (account === undefined) throw noSuchRecord();
  return account;
}
