import { beforeEach, describe, expect, it } from "vitest";

import type { User } from "@/generated/prisma/client";
import {
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  makePerson,
  makeUser,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { addMonths } from "./policy";
import { getApiKey, listApiKeys } from "./queries";
import { apiKeyListQuery } from "./schema";

const DAY_MS = 86_400_000;
const ALL_VERBS = ["viewDetails", "renew", "edit", "regenerate", "revoke"];
let partner: PartnerWithPeople;

beforeEach(async () => {
  partner = await makePartnerWithPeople();
});

const reader = (user: Pick<User, "id"> = partner.owner) =>
  permitFor("apiKeys.read", { user, account: partner.account });
const ownKey = (choice: Partial<Parameters<typeof makeApiKey>[0]> = {}) =>
  makeApiKey({ account: partner.account, createdBy: partner.owner, ...choice });
const listed = async (user?: Pick<User, "id">) =>
  (await listApiKeys(await reader(user), apiKeyListQuery.parse({ q: "" }))).rows;

describe("a row", () => {
  it("holds what the screen shows, and no token or hash", async () => {
    const lastUsedAt = new Date(Date.now() - DAY_MS);
    const { key, token } = await ownKey({
      name: "Keycafe",
      scopes: ["vehicles.read", "contacts.read"],
      customers: [partner.customers[0]],
      lastUse: { at: lastUsedAt, ip: "2001:db8::7", client: "curl/8" },
      oldTokenUntil: new Date(Date.now() + DAY_MS),
    });
    const [row] = await listed();
    expect(row).toMatchObject({
      id: key.id,
      revision: 1,
      name: "Keycafe",
      prefix: key.prefix,
      status: "active",
      revocation: null,
      apiVersion: "2025-05-05",
      scopes: ["vehicles.read", "contacts.read"],
      createdAt: key.createdAt.toISOString(),
      expiresAt: key.expiresAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      lastUsedIp: "2001:db8::7",
      lastUsedClient: "curl/8",
      createdBy: partner.owner.name,
      creatorLeft: false,
      waitsForToken: false,
      allCustomers: false,
      customerCount: 1,
      heldBy: 0,
      verbs: ALL_VERBS,
    });
    expect(Date.parse(row?.oldTokenUntil ?? "")).toBeGreaterThan(Date.now());
    expect(JSON.stringify(row)).not.toContain(token.slice(10));
  });

  it("says what a renewal would come to, by the key's own term", async () => {
    await ownKey({ termMonths: 3 });
    const { rows, now } = await listApiKeys(await reader(), apiKeyListQuery.parse({ q: "" }));
    expect(Date.parse(rows[0]?.renewsTo ?? "") - addMonths(new Date(now), 3).getTime()).toBeLessThan(10_000);
  });

  it.each([
    ["revoked", "by_hand"],
    ["reportedLeaked", "reported_leaked"],
    ["ownerLeft", "owner_left"],
    ["expired", "expired"],
  ] as const)("of a key that is %s says why, and offers its details alone", async (state, reason) => {
    const { key } = await ownKey({
      state,
      revokedBy: partner.administrator,
      oldTokenUntil: new Date(Date.now() + DAY_MS),
    });
    const [row] = await listed();
    expect(row).toMatchObject({ status: "revoked", verbs: ["viewDetails"], oldTokenUntil: null });
    expect(row?.revocation).toMatchObject({
      reason,
      at: (key.revokedAt ?? key.expiresAt).toISOString(),
      by: partner.administrator.name,
    });
  });

  it("tells that its creator has left", async () => {
    await ownKey({ createdBy: await makeUser({ name: "Daniel" }) });
    expect(await listed()).toMatchObject([{ createdBy: "Daniel", creatorLeft: true }]);
  });

  it("offers a member nothing but to look", async () => {
    await ownKey();
    expect(await listed(partner.member)).toMatchObject([{ verbs: ["viewDetails"] }]);
  });

  it("shows a limited administrator the keys within his limit alone, and counts no other", async () => {
    const [own, other] = partner.customers;
    await ownKey({ name: "all" });
    await ownKey({ name: "both", customers: [own, other] });
    await ownKey({ name: "own", customers: [own] });
    const rows = await listed(partner.limited);
    expect(Object.fromEntries(rows.map(({ name, verbs }) => [name, verbs]))).toEqual({ own: ALL_VERBS });
  });
});

describe("getApiKey", () => {
  it("adds what only the key's own page shows", async () => {
    const [first, second] = partner.customers;
    const { key, token } = await ownKey({ customers: [first, second], allowedIps: ["203.0.113.0/24"] });
    const details = await getApiKey(await reader(), key.id);
    expect(details).toMatchObject({
      id: key.id,
      last4: token.slice(-4),
      allowedIps: ["203.0.113.0/24"],
      verbs: ALL_VERBS,
      customerCount: 2,
      heldBy: 0,
    });
    const names = [first, second]
      .map(({ name, token: accountToken }) => ({ name, token: accountToken }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(details.customers).toEqual(names);
    expect(JSON.stringify(details)).not.toContain(token.slice(10, 36));
  });

  it("knows for a limited viewer no key that reaches further: not another word than of an unknown id", async () => {
    const [own, other] = partner.customers;
    const permit = await reader(partner.limited);
    const { key } = await ownKey({ customers: [own] });
    expect((await getApiKey(permit, key.id)).customers.map(({ token }) => token)).toEqual([own.token]);
    const further = [await ownKey({ customers: [own, other] }), await ownKey({ customers: [other] }), await ownKey()];
    const unknown = await Promise.allSettled([getApiKey(permit, 2_147_483_647)]);
    expect(unknown).toMatchObject([{ status: "rejected", reason: { code: "not_found" } }]);
    for (const { key: hidden } of further)
      expect(await Promise.allSettled([getApiKey(permit, hidden.id)])).toEqual(unknown);
  });

  it("answers another account's id exactly as one that does not exist", async () => {
    const other = await makeAccountWithPeople({ kind: "partner" });
    const { key } = await makeApiKey({ account: other.account, createdBy: other.owner });
    const permit = await reader();
    const answers = await Promise.allSettled([getApiKey(permit, key.id), getApiKey(permit, 2_147_483_647)]);
    expect(answers[0]).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
    expect(answers[0]).toEqual(answers[1]);
  });

  it("is open to everybody of the account", async () => {
    const { key } = await ownKey();
    for (const user of [partner.member, partner.administrator, await makePerson(partner.account, "member")]) {
      expect((await getApiKey(await reader(user), key.id)).name).toBe(key.name);
    }
  });
});
