import { beforeEach, describe, expect, it } from "vitest";

import { db, Prisma } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { editApiKey, regenerateApiKey, renewApiKey, revokeApiKey, revokeSelectedApiKeys } from "./service";

let partner: PartnerWithPeople;

beforeEach(async () => {
  partner = await makePartnerWithPeople();
});

const issuer = (user = partner.owner) => permitFor("apiKeys.issue", { user, account: partner.account });
const manager = (user = partner.owner) => permitFor("apiKeys.manage", { user, account: partner.account });
const ownKey = (choice: Partial<Parameters<typeof makeApiKey>[0]> = {}) =>
  makeApiKey({ account: partner.account, createdBy: partner.owner, ...choice });
const stored = (id: number) => db().apiKey.findUniqueOrThrow({ where: { id } });
const events = () =>
  db().auditEntry.findMany({ where: { accountId: partner.account.id }, orderBy: { sequence: "asc" } });

/** The keys that no verb may touch, and what each verb answers. */
async function untouchableKeys(): Promise<{ id: number; code: string }[]> {
  const other = await makeAccountWithPeople({ kind: "partner" });
  const foreign = await makeApiKey({ account: other.account, createdBy: other.owner });
  const revoked = await ownKey({ state: "revoked" });
  const expired = await ownKey({ state: "expired" });
  return [
    { id: foreign.key.id, code: "not_found" },
    { id: 2_147_483_647, code: "not_found" },
    { id: revoked.key.id, code: "conflict" },
    { id: expired.key.id, code: "conflict" },
  ];
}

describe("revokeSelectedApiKeys", () => {
  it("revokes what it can, and says of the rest why not", async () => {
    const [one, two] = [await ownKey({ name: "One" }), await ownKey({ name: "Two" })];
    const refused = await untouchableKeys();
    const ids = [one.key.id, ...refused.map(({ id }) => id), two.key.id, one.key.id];
    const result = await revokeSelectedApiKeys(await manager(), { ids });
    expect(result.revoked).toEqual(["One", "Two"]);
    expect(result.refused.map(({ id }) => id)).toEqual(refused.map(({ id }) => id));
    expect(result.refused.map(({ reason }) => /no such API key|revoked already|has expired/.exec(reason)?.[0])).toEqual(
      ["no such API key", "no such API key", "revoked already", "has expired"],
    );
    expect((await events()).map(({ recordName }) => recordName)).toEqual(["One", "Two"]);
  });
});

const CHANGES = {
  edit: async (id: number, revision: number, user = partner.owner) =>
    editApiKey(await manager(user), { id, revision, name: "Changed", apiVersion: "2025-05-05" }),
  renew: async (id: number, revision: number, user = partner.owner) =>
    renewApiKey(await manager(user), { id, revision }),
  regenerate: async (id: number, revision: number, user = partner.owner) =>
    regenerateApiKey(await issuer(user), { id, revision, overlap: "one_day" }),
  revoke: async (id: number, _: number, user = partner.owner) => revokeApiKey(await manager(user), { id }),
};

describe.each(Object.entries(CHANGES))("%s is refused", (verb, change) => {
  it("for another account's key as for none, and for a revoked or expired one; nothing is written", async () => {
    for (const { id, code } of await untouchableKeys()) {
      await expect(change(id, 1)).rejects.toMatchObject({ code });
    }
    expect(await events()).toEqual([]);
  });

  it("to a limited administrator, where the key reaches further than he does", async () => {
    const [own, other] = partner.customers;
    for (const choice of [{}, { customers: [own, other] }, { customers: [other] }]) {
      const { key } = await ownKey(choice);
      await expect(change(key.id, 1, partner.limited)).rejects.toMatchObject({ code: "not_found" });
    }
    const { key } = await ownKey({ customers: [own] });
    await change(key.id, 1, partner.limited);
    expect(await events()).toHaveLength(1);
  });
});

// Revoking has no older form: what is to be revoked is revoked.
describe.each(Object.entries(CHANGES).filter(([verb]) => verb !== "revoke"))("%s is refused", (_verb, change) => {
  it("when the form saw an older revision: sent twice, it has one effect", async () => {
    const { key } = await ownKey();
    const both = await Promise.allSettled([change(key.id, 1), change(key.id, 1)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(change(key.id, 1)).rejects.toMatchObject({ code: "conflict" });
    expect(await events()).toHaveLength(1);
    expect(await stored(key.id)).toMatchObject({ revision: 2 });
  });
});

describe("the database itself", () => {
  const change = (id: number, set: Prisma.Sql) =>
    bookkeepingDb().$executeRaw`UPDATE api_keys SET ${set} WHERE id = ${id}`;

  it.each([
    ["revoked_at", Prisma.sql`revoked_at = NULL, revoked_reason = NULL`],
    ["a later revocation", Prisma.sql`revoked_at = now()`],
    ["another reason", Prisma.sql`revoked_reason = 'expired'`],
    ["expires_at", Prisma.sql`expires_at = now() + interval '1 year'`],
    ["name", Prisma.sql`name = 'Another'`],
    ["scopes", Prisma.sql`scopes = ARRAY['vehicles.write']`],
    ["reach", Prisma.sql`all_customers = NOT all_customers`],
    ["account", Prisma.sql`account_id = account_id + 1`],
  ])("changes no revoked key: %s", async (_, set) => {
    const { key } = await ownKey({ state: "revoked" });
    await expect(change(key.id, set)).rejects.toThrow(/stays as it is/);
  });

  it("brings no expired key back", async () => {
    const { key } = await ownKey({ state: "expired" });
    await expect(change(key.id, Prisma.sql`expires_at = now() + interval '1 year'`)).rejects.toThrow(/stays expired/);
    expect(await change(key.id, Prisma.sql`revoked_at = expires_at, revoked_reason = 'expired'`)).toBe(1);
  });

  it("still notes a last use, which brings nothing back", async () => {
    const { key } = await ownKey({ state: "revoked" });
    await bookkeepingDb().apiKeyUse.update({ where: { id: key.id }, data: { lastUsedIp: "203.0.113.9" } });
    expect((await stored(key.id)).revokedAt).toEqual(key.revokedAt);
  });
});
