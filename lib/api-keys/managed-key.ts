import "server-only";

import type { Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { customerLimitOf } from "@/lib/auth/rights";
import { DomainError } from "@/lib/platform/errors";
import { coversKey } from "./policy";

type KeyManager = Permit<"apiKeys.manage" | "apiKeys.issue">;

const found = {
  id: true,
  name: true,
  prefix: true,
  apiVersion: true,
  scopes: true,
  termMonths: true,
  termDays: true,
  expiresAt: true,
  createdAt: true,
  revokedAt: true,
  revision: true,
  allCustomers: true,
  customers: { select: { accountId: true } },
} as const;

export type ManagedKey = NonNullable<Awaited<ReturnType<typeof readKey>>>;

function readKey(tx: Tx, accountId: number, id: number) {
  return tx.apiKey.findFirst({ where: { id, accountId }, select: found });
}

function noSuchKey(): DomainError {
  return new DomainError("not_found", "There is no such API key in this account.");
}

/**
 * The key of the permit's account that somebody is about to change. What it says may be outdated a moment later:
 * the change itself is decided in its `where`.
 * @throws DomainError not_found for another account's key, and one that reaches further than the viewer, as for none
 */
export async function findManagedKey(tx: Tx, permit: KeyManager, id: number): Promise<ManagedKey> {
  const key = await readKey(tx, permit.account.id, id);
  if (key === null) throw noSuchKey();
  const customerIds = key.customers.map((customer) => customer.accountId);
  if (!coversKey(customerLimitOf(permit.actor), { allCustomers: key.allCustomers, customerIds })) throw noSuchKey();
  return key;
}

/** After a conditional change: nought rows is a refusal that says what stood in the way. @throws DomainError conflict */
export async function requireChange(tx: Tx, permit: KeyManager, id: number, changedRows: number): Promise<void> {
  if (changedRows === 1) return;
  const key = await readKey(tx, permit.account.id, id);
  if (key === null) throw noSuchKey();
  if (key.revokedAt !== null) {
    throw new DomainError("conflict", `“${key.name}” is revoked already, for good. Nothing was changed.`);
  }
  const [clock] = await tx.$queryRaw<{ expired: boolean }[]>`SELECT ${key.expiresAt} <= clock_timestamp() AS expired`;
  throw new DomainError(
    "conflict",
    clock?.expired
      ? `“${key.name}” has expired, for good. Nothing was changed.`
      : `“${key.name}” was changed meanwhile, here or by somebody else. Nothing was changed now; look at it again.`,
  );
}
