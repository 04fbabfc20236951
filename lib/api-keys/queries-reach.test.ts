import { beforeAll, describe, expect, it } from "vitest";

import type { Account, ApiKey, Membership } from "@/generated/prisma/client";
import { getCustomer } from "@/lib/accounts/list-customers";
import { keysOf } from "@/lib/auth/rights";
import { MEMBERSHIP_IS_NOTIFIED } from "@/lib/notifications/prepare-notices";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makeAccount,
  makeApiKey,
  makeMembership,
  makePartnerWithPeople,
  makeUser,
  permitFor,
} from "@/prisma/factories/accounts-and-keys";
import { findManagedKey } from "./find-managed-key";
import { countAllApiKeys, getApiKey, listApiKeys, listLeakedKeys } from "./queries";
import { apiKeyListQuery } from "./schema";

/** Every choice of some of them, none and all among them. */
function choicesOf<T>(all: readonly T[]): T[][] {
  return all.reduce<T[][]>((choices, one) => [...choices, ...choices.map((choice) => [...choice, one])], [[]]);
}

interface Made {
  /** Null = it reaches all customers. */
  readonly customers: readonly Account[] | null;
  readonly key: ApiKey;
}
interface Viewer {
  /** Null = not limited. */
  readonly limit: readonly Account[] | null;
  readonly membership: Membership;
  readonly user: { readonly id: number };
}

let account: Account;
let customers: readonly Account[];
let keys: Made[];
let viewers: readonly Viewer[];
let ofCustomer: ApiKey;

beforeAll(async () => {
  const partner = await makePartnerWithPeople();
  account = partner.account;
  const [first, second, left] = partner.customers;
  customers = [first, second, left];
  const chosen = [null, ...choicesOf(customers)];
  keys = await Promise.all(
    chosen.map(async (choice, turn) => ({
      customers: choice,
      // What is revoked is beyond reach as what is alive.
      ...(await makeApiKey({
        account,
        state: turn % 3 === 1 ? "reportedLeaked" : "active",
        ...(choice && { customers: choice }),
      })),
    })),
  );
  keys.sort((one, other) => one.key.id - other.key.id);
  ({ key: ofCustomer } = await makeApiKey({ account: first, createdBy: partner.owner }));
  await makeApiKey({ account: (await makePartnerWithPeople()).account });
  // He who has left stands among the chosen, of keys and of people.
  await bookkeepingDb().account.update({
    where: { id: left.id },
    data: { partnerId: (await makeAccount({ kind: "partner" })).id },
  });
  viewers = await Promise.all(
    chosen.map(async (limit) => {
      const user = await makeUser();
      const membership = await makeMembership({
        user,
        account,
        role: "administrator",
        ...(limit && { limitedTo: limit }),
      });
      return { limit, membership, user };
    }),
  );
}, 60_000);

/** The rule in a sentence: a key is there for somebody limited if it reaches some customers, and none but his. */
function isThere({ limit }: Viewer, { customers: reached }: Made): boolean {
  if (limit === null) return true;
  return reached !== null && reached.length > 0 && reached.every((customer) => limit.includes(customer));
}

const seenBy = (viewer: Viewer) => keys.filter((made) => isThere(viewer, made)).map(({ key }) => key.id);
const sorted = (ids: Iterable<number>) => [...ids].sort((one, other) => one - other);
const reader = ({ user }: Viewer) => permitFor("apiKeys.read", { user, account });

describe("a key within reach", () => {
  it("is the same for every way of reading: any limit, any choice of customers", async () => {
    expect([keys.length, viewers.length]).toEqual([9, 9]);
    for (const viewer of viewers) {
      const permit = await reader(viewer);
      const seen = seenBy(viewer);
      const [all, list, count, leaked, single] = await Promise.all([
        readSql<{ id: number }>(Prisma.sql`SELECT id FROM ${keysOf(permit)} k`),
        listApiKeys(permit, apiKeyListQuery.parse({ q: "" })),
        countAllApiKeys(permit),
        listLeakedKeys(permit),
        Promise.allSettled(keys.map(({ key }) => getApiKey(permit, key.id))),
      ]);
      expect(sorted(all.map(({ id }) => id))).toEqual(seen);
      expect(sorted(list.rows.map(({ id }) => id))).toEqual(seen);
      expect([list.counts.all, count]).toEqual([seen.length, seen.length]);
      const revoked = keys.flatMap(({ key }) => (key.revokedAt !== null && seen.includes(key.id) ? [key.id] : []));
      expect(sorted(leaked.map(({ id }) => id))).toEqual(revoked);
      expect(keys.flatMap(({ key }, at) => (single[at]?.status === "fulfilled" ? [key.id] : []))).toEqual(seen);
    }
  });

  it("is the same for who changes it, and for whom a mail tells of it", async () => {
    const notified = await readSql<{ keyId: number; membershipId: number }>(Prisma.sql`
      SELECT k.id AS "keyId", m.id AS "membershipId" FROM api_keys k JOIN memberships m ON m.account_id = k.account_id
      WHERE k.account_id = ${account.id} AND ${MEMBERSHIP_IS_NOTIFIED}`);
    for (const viewer of viewers) {
      const permit = await permitFor("apiKeys.manage", { user: viewer.user, account });
      const seen = seenBy(viewer);
      const found: number[] = [];
      await bookkeepingDb().$transaction(async (tx) => {
        for (const { key } of [...keys, { key: ofCustomer }]) {
          await findManagedKey(tx, permit, key.id).then(
            ({ id }) => found.push(id),
            (error: unknown) => expect(error).toMatchObject({ code: "not_found" }),
          );
        }
      });
      expect(found).toEqual(seen);
      const mailed = notified.flatMap(({ keyId, membershipId }) =>
        membershipId === viewer.membership.id ? [keyId] : [],
      );
      expect(sorted(mailed)).toEqual(seen);
    }
  });

  it("stands on the customer's page, with those that the customer has itself", async () => {
    const [first] = customers;
    if (first === undefined) throw new Error("there is no customer");
    for (const viewer of viewers.filter(({ limit }) => limit === null || limit.includes(first))) {
      const permit = await permitFor("customers.read", { user: viewer.user, account });
      const reaching = keys.filter(
        (made) =>
          isThere(viewer, made) &&
          made.key.revokedAt === null &&
          (made.customers === null || made.customers.includes(first)),
      );
      const { keys: shown, keyCount } = await getCustomer(permit, first.token);
      expect(sorted(shown.map(({ id }) => id))).toEqual(sorted([ofCustomer.id, ...reaching.map(({ key }) => key.id)]));
      expect(keyCount).toBe(reaching.length + 1);
    }
  });
});

describe("what a key's row says of its customers", () => {
  const said = async (id: number) =>
    (
      await readSql<{ same: boolean; customerIds: number[] | null }>(Prisma.sql`
        SELECT customer_ids AS "customerIds", customer_ids IS NOT DISTINCT FROM
          (SELECT array_agg(c.account_id ORDER BY c.account_id) FROM api_key_customers c WHERE c.api_key_id = k.id) AS same
        FROM api_keys k WHERE k.id = ${id}`)
    )[0];

  it("is what they are, however they are written", async () => {
    const ids = sorted(customers.map(({ id }) => id));
    for (const { key, customers: reached } of keys)
      expect(await said(key.id)).toEqual({
        same: true,
        customerIds: reached?.length ? sorted(reached.map(({ id }) => id)) : null,
      });
    const { key } = await makeApiKey({ account, customers: [...customers].reverse() });
    expect(await said(key.id)).toEqual({ same: true, customerIds: ids });
    await bookkeepingDb().apiKeyCustomer.deleteMany({ where: { apiKeyId: key.id, accountId: ids[1] } });
    expect(await said(key.id)).toEqual({ same: true, customerIds: [ids[0], ids[2]] });
    await bookkeepingDb().apiKeyCustomer.deleteMany({ where: { apiKeyId: key.id } });
    expect(await said(key.id)).toEqual({ same: true, customerIds: null });
    await bookkeepingDb().apiKeyCustomer.createMany({
      data: ids.map((accountId) => ({ apiKeyId: key.id, accountId })),
    });
    expect(await said(key.id)).toEqual({ same: true, customerIds: ids });
  });

  it("can never be turned into another", async () => {
    const { key } = await makeApiKey({ account, customers: customers.slice(0, 1) });
    const turned = bookkeepingDb().apiKeyCustomer.updateMany({
      where: { apiKeyId: key.id },
      data: { accountId: customers[1]?.id ?? 0 },
    });
    await expect(turned).rejects.toThrow();
    expect(await said(key.id)).toEqual({ same: true, customerIds: [customers[0]?.id] });
  });
});
