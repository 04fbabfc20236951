import "server-only";

import { authenticatedKeyOf } from "@/lib/auth/credentials";
import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import type { CallingKey, ReachedAccount } from "./presenter";

/** The key that asks. What the authenticating statement knows is not read twice. */
export async function findCallingKey(permit: Permit<"apiKeys.self">): Promise<CallingKey> {
  const key = authenticatedKeyOf(permit.actor);
  const { ownAccount, allCustomers, apiKeyId, name, prefix, apiVersion, scopes, expiresAt } = key;
  const reachesAllCustomers = ownAccount.kind === "partner" && allCustomers;
  const accounts = reachesAllCustomers
    ? null
    : ownAccount.kind === "customer"
      ? [ownAccount]
      : await chosenCustomers(ownAccount.id, apiKeyId);
  return { id: apiKeyId, name, prefix, apiVersion, scopes, expiresAt, ownAccount, reachesAllCustomers, accounts };
}

/** A customer that left the partner is not reached any more, though it was chosen. */
function chosenCustomers(partnerId: number, apiKeyId: number): Promise<ReachedAccount[]> {
  return readSql<ReachedAccount>(Prisma.sql`
    SELECT a.id, a.name, a.token FROM api_key_customers c JOIN accounts a ON a.id = c.account_id
    WHERE c.api_key_id = ${apiKeyId} AND a.partner_id = ${partnerId} ORDER BY lower(a.name), a.id`);
}
