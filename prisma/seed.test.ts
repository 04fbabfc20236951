import { describe, expect, it } from "vitest";

import { listChains, verifyChain } from "@/lib/audit-log/queries";
import { authorize } from "@/lib/auth/permit";
import { hashApiKeyToken } from "@/lib/auth/api-key-token";
import { listApiKeys } from "@/lib/api-keys/queries";
import { apiKeyListQuery } from "@/lib/api-keys/schema";
import { ACCOUNT_STATUSES, PLANS } from "@/lib/accounts/policy";
import { openForCredential } from "@/lib/integration-credentials/secrets";
import { databaseNow, db } from "@/lib/platform/database/db";
import { permitFor } from "./factories/accounts-and-keys";
import { seedDemo } from "./seed";

const DAY_MS = 86_400_000;

describe("seedDemo", () => {
  it("fills the database with what the issue lists, and a whole audit log", async () => {
    const { _max: newest } = await db().account.aggregate({ _max: { id: true } });
    const { demoToken } = await seedDemo();
    const isNew = { id: { gt: newest.id ?? 0 } };
    const northwind = await db().account.findFirstOrThrow({
      where: { ...isNew, name: "Northwind Fleet Advisors" },
      include: { customers: true, memberships: { include: { user: true } } },
    });
    expect(northwind.customers).toHaveLength(42);
    expect(new Set(northwind.customers.map(({ status }) => status))).toEqual(new Set(ACCOUNT_STATUSES));
    expect(new Set(northwind.customers.map(({ plan }) => plan))).toEqual(new Set(PLANS));
    const people = northwind.memberships.map(({ role, user }) => `${user.email} ${role}`);
    expect(people).toEqual(
      expect.arrayContaining([
        "owner@northwind.example owner",
        "admin@northwind.example administrator",
        "member@northwind.example member",
      ]),
    );

    const demo = await db().apiKeyToken.findUniqueOrThrow({
      where: { hash: new Uint8Array(hashApiKeyToken(demoToken)) },
      include: { apiKey: true },
    });
    expect(demo.apiKey).toMatchObject({
      accountId: northwind.id,
      name: "Demo: first request",
      scopes: ["vehicles.read"],
      revokedAt: null,
    });

    const owner = northwind.memberships.find(({ role }) => role === "owner")?.user;
    if (!owner) throw new Error("there is an owner");
    const { rows } = await listApiKeys(
      await permitFor("apiKeys.read", { user: owner, account: northwind }),
      apiKeyListQuery.parse({ q: "" }),
    );
    const now = await databaseNow();
    const daysLeft = rows
      .filter(({ status }) => status === "expiring")
      .map(({ expiresAt }) => Math.round((Date.parse(expiresAt) - now.getTime()) / DAY_MS));
    expect(daysLeft.sort((a, b) => a - b)).toEqual([2, 20, 80]);
    expect(
      rows
        .map(({ revocation }) => revocation?.reason)
        .filter(Boolean)
        .sort(),
    ).toEqual(["by_hand", "expired", "reported_leaked"]);
    expect(rows.some(({ status, lastUsedAt }) => status === "active" && lastUsedAt === null)).toBe(true);
    expect(
      rows.some(({ lastUsedAt }) => lastUsedAt !== null && now.getTime() - Date.parse(lastUsedAt) < DAY_MS / 24),
    ).toBe(true);
    expect(rows.filter(({ oldTokenUntil }) => oldTokenUntil !== null)).toHaveLength(1);
    expect(rows.some(({ creatorLeft, status }) => creatorLeft && status === "active")).toBe(true);

    const credential = await db().integrationCredential.findFirstOrThrow({ where: { accountId: northwind.id } });
    const token = openForCredential(credential.id, credential.apiKey ?? new Uint8Array());
    const [held] = await db().apiKeyToken.findMany({ where: { hash: new Uint8Array(hashApiKeyToken(token)) } });
    expect([held?.apiKeyId, credential.baseUrl, credential.status]).toEqual([credential.apiKeyId, null, "valid"]);

    const permit = authorize(
      { actor: { kind: "system", name: "A test" }, account: null, origin: { ip: null, requestId: null } },
      "auditLog.verify",
    );
    const chains = await listChains(permit, { after: newest.id ?? 0 });
    expect(chains.length).toBeGreaterThanOrEqual(2);
    for (const { accountId } of chains) expect((await verifyChain(permit, { accountId })).fault).toBeNull();
    expect(await db().auditEntry.count({ where: { accountId: northwind.id, action: "apiKey.created" } })).toBe(
      rows.length,
    );
    const others = await db().account.findFirstOrThrow({
      where: { ...isNew, name: "Cascadia Fleet Partners" },
      include: { customers: true, apiKeys: true },
    });
    expect([others.customers.length > 0, others.apiKeys.length > 0]).toEqual([true, true]);
  }, 120_000);
});
