import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { hashApiKeyToken } from "@/lib/auth/api-key-token";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import {
  makeAccount,
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { addMonths } from "./policy";
import type { CreateApiKeyInput } from "./schema";
import { createApiKey, editApiKey, regenerateApiKey, renewApiKey, revokeApiKey } from "./service";

const DAY_MS = 86_400_000;
let partner: PartnerWithPeople;

beforeEach(async () => {
  partner = await makePartnerWithPeople();
});

const issuer = (user = partner.owner, account: Account = partner.account) =>
  permitFor("apiKeys.issue", { user, account });
const manager = (user = partner.owner, account: Account = partner.account) =>
  permitFor("apiKeys.manage", { user, account });
const ownKey = (choice: Partial<Parameters<typeof makeApiKey>[0]> = {}) =>
  makeApiKey({ account: partner.account, createdBy: partner.owner, ...choice });
const stored = (id: number) =>
  db().apiKey.findUniqueOrThrow({ where: { id }, include: { tokens: { orderBy: { id: "asc" } }, customers: true } });
const events = (accountId = partner.account.id) =>
  db().auditEntry.findMany({ where: { accountId }, orderBy: { sequence: "asc" } });

function input(changes: Partial<CreateApiKeyInput> = {}): CreateApiKeyInput {
  return {
    submissionId: randomUUID(),
    name: "Keycafe",
    apiVersion: "2025-05-05",
    expiry: { kind: "months", months: 12 },
    scopes: ["vehicles.read"],
    customers: null,
    allowedIps: [],
    ...changes,
  };
}

describe("createApiKey", () => {
  it("makes an active key whose token is only in the answer, and says so in the log", async () => {
    const made = await createApiKey(await issuer(), input({ allowedIps: ["203.0.113.0/24"] }));
    const key = await stored(made.id);
    expect(made.token).toMatch(/^fah_[0-9A-Za-z]{36}$/);
    expect(key).toMatchObject({
      name: "Keycafe",
      prefix: made.token.slice(0, 10),
      allCustomers: true,
      termMonths: 12,
      termDays: null,
      warnDays: 90,
      revision: 1,
    });
    expect(key).toMatchObject({
      createdById: partner.owner.id,
      accountId: partner.account.id,
      allowedIps: ["203.0.113.0/24"],
      revokedAt: null,
    });
    expect(key.expiresAt).toEqual(addMonths(key.createdAt, 12));
    expect(key.expiresAt.toISOString()).toBe(made.expiresAt);
    expect(key.tokens.map((token) => [Buffer.from(token.hash), token.last4, token.retiresAt])).toEqual([
      [hashApiKeyToken(made.token), made.token.slice(-4), null],
    ]);
    expect(await events()).toMatchObject([
      {
        action: "apiKey.created",
        recordType: "apiKey",
        recordId: made.id,
        recordName: "Keycafe",
        actorKind: "user",
        actorId: partner.owner.id,
        actorName: partner.owner.name,
        ip: "203.0.113.7",
        after: { prefix: key.prefix, scopes: ["vehicles.read"], customers: "all", expiresAt: made.expiresAt },
      },
    ]);
  });

  it("leaves the token in no column of any table, the queue included", async () => {
    const { id, token } = await createApiKey(await issuer(), input());
    const next = await regenerateApiKey(await issuer(), { id, revision: 1, overlap: "one_day" });
    const tables = await readSql<{ name: string }>(Prisma.sql`
      SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'graphile_worker')`);
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      for (const canary of [token, next.token]) {
        // What scanning for a secret costs is no matter here: beyond its first characters nothing may be left.
        const found = await readSql(
          Prisma.sql`SELECT 1 FROM ${Prisma.raw(name)} AS t WHERE t::text LIKE ${`%${canary.slice(12)}%`} LIMIT 1`,
        );
        expect([name, found]).toEqual([name, []]);
      }
    }
  });

  it("queues one job that publishes the event", async () => {
    const before = (await events()).length;
    await createApiKey(await issuer(), input());
    const [entry] = (await events()).slice(before);
    const jobs = await readSql<{ payload: unknown }>(Prisma.sql`
      SELECT j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
      WHERE t.identifier = 'events.publish' AND j.payload->'entries'->0->>'accountId' = ${String(partner.account.id)}`);
    expect(jobs).toMatchObject([
      { payload: { entries: [{ accountId: partner.account.id, sequence: entry?.sequence }] } },
    ]);
  });

  it("ends a picked date with that day in the viewer's zone", async () => {
    const date = new Date(Date.now() + 40 * DAY_MS).toISOString().slice(0, 10);
    const made = await createApiKey(
      await issuer(),
      input({ expiry: { kind: "date", date, timeZone: "Asia/Kathmandu" } }),
    );
    expect(made.expiresAt).toBe(`${date}T18:14:59.999Z`);
    expect(await stored(made.id)).toMatchObject({ termMonths: null, warnDays: 30 });
  });

  it("reaches the chosen customers alone", async () => {
    const [first, second] = partner.customers;
    const made = await createApiKey(await issuer(), input({ customers: [first.token, second.token] }));
    const key = await stored(made.id);
    expect(key.allCustomers).toBe(false);
    expect(key.customers.map(({ accountId }) => accountId).sort()).toEqual([first.id, second.id].sort());
  });

  it("refuses a customer of somebody else, and one that does not exist, alike", async () => {
    const foreign = await makeAccount({ partnerId: (await makeAccount({ kind: "partner" })).id });
    for (const token of [foreign.token, "ffffffffff", partner.account.token]) {
      await expect(createApiKey(await issuer(), input({ customers: [token] }))).rejects.toMatchObject({
        code: "invalid_input",
        fields: { customers: ["One of the chosen customers is no longer yours. Choose again."] },
      });
    }
    expect(await events()).toEqual([]);
  });

  it("lets a limited administrator grant his own customers alone", async () => {
    const [own, other] = partner.customers;
    const permit = await issuer(partner.limited);
    await expect(createApiKey(permit, input())).rejects.toMatchObject({ code: "forbidden" });
    await expect(createApiKey(permit, input({ customers: [own.token, other.token] }))).rejects.toMatchObject({
      code: "invalid_input",
    });
    const made = await createApiKey(permit, input({ customers: [own.token] }));
    expect((await stored(made.id)).customers).toMatchObject([{ accountId: own.id }]);
  });

  it("gives a customer's key no list of customers", async () => {
    const customer = await makeAccountWithPeople();
    const permit = await issuer(customer.owner, customer.account);
    await expect(createApiKey(permit, input({ customers: [customer.account.token] }))).rejects.toMatchObject({
      code: "invalid_input",
    });
    expect((await createApiKey(permit, input())).name).toBe("Keycafe");
  });

  it("makes one key of a form sent twice, one after the other or at once", async () => {
    const permit = await issuer();
    const again = input();
    await createApiKey(permit, again);
    await expect(createApiKey(permit, again)).rejects.toMatchObject({ code: "already_done" });
    const twice = input();
    const both = await Promise.allSettled([createApiKey(permit, twice), createApiKey(permit, twice)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "already_done" } });
    expect(await db().apiKey.count({ where: { accountId: partner.account.id } })).toBe(2);
    expect(await events()).toHaveLength(2);
  });

  it("counts only keys that are still good against the limit", async () => {
    const permit = await issuer();
    const limit = env().MAX_ACTIVE_KEYS_PER_ACCOUNT;
    await ownKey({ state: "revoked" });
    await ownKey({ state: "expired" });
    for (let made = 1; made < limit; made++) await ownKey();
    const last = await createApiKey(permit, input());
    await expect(createApiKey(permit, input())).rejects.toMatchObject({ code: "limit_reached" });
    await revokeApiKey(await manager(), { id: last.id });
    expect((await createApiKey(permit, input())).id).toBeGreaterThan(last.id);
  });
});

describe("editApiKey", () => {
  it("changes name and version, nothing else, and keeps both sides", async () => {
    const { key } = await ownKey({ name: "Old", apiVersion: "2024-06-30" });
    await editApiKey(await manager(), { id: key.id, revision: 1, name: "New", apiVersion: "2025-05-05" });
    const { tokens: _, customers: __, ...after } = await stored(key.id);
    expect({ ...after, updatedAt: key.updatedAt }).toEqual({
      ...key,
      name: "New",
      apiVersion: "2025-05-05",
      revision: 2,
    });
    expect(await events()).toMatchObject([
      {
        action: "apiKey.edited",
        recordName: "New",
        before: { name: "Old", apiVersion: "2024-06-30" },
        after: { name: "New", apiVersion: "2025-05-05" },
      },
    ]);
  });
});

describe("renewApiKey", () => {
  it.each([
    ["12 months", { termMonths: 12 }, (from: Date) => addMonths(from, 12)],
    ["its own shorter term", { termMonths: 3 }, (from: Date) => addMonths(from, 3)],
    ["its own days", { termDays: 45 }, (from: Date) => new Date(from.getTime() + 45 * DAY_MS)],
  ])("moves the end to %s from now", async (_, term, expected) => {
    const { key } = await ownKey({ ...term, expiresAt: new Date(Date.now() + 5 * DAY_MS) });
    const { expiresAt } = await renewApiKey(await manager(), { id: key.id, revision: 1 });
    const [entry] = await events();
    expect(entry).toMatchObject({
      action: "apiKey.renewed",
      before: { expiresAt: key.expiresAt.toISOString() },
      after: { expiresAt },
    });
    expect(expiresAt).toBe(expected(entry?.occurredAt ?? new Date(0)).toISOString());
    expect(await stored(key.id)).toMatchObject({ revision: 2, expiresAt: new Date(expiresAt) });
  });
});

describe("regenerateApiKey", () => {
  it("puts a new token in the old one's place at once", async () => {
    const { key, token } = await ownKey();
    const made = await regenerateApiKey(await issuer(), { id: key.id, revision: 1, overlap: "none" });
    const after = await stored(key.id);
    expect(made).toMatchObject({
      id: key.id,
      name: key.name,
      oldTokenUntil: null,
      expiresAt: key.expiresAt.toISOString(),
    });
    expect(after).toMatchObject({
      prefix: made.token.slice(0, 10),
      revision: 2,
      expiresAt: key.expiresAt,
      name: key.name,
      scopes: key.scopes,
    });
    expect(after.tokens.map(({ hash }) => Buffer.from(hash))).toEqual([
      hashApiKeyToken(token),
      hashApiKeyToken(made.token),
    ]);
    const [old, current] = after.tokens;
    expect(old?.retiresAt?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(current?.retiresAt).toBeNull();
    expect(await events()).toMatchObject([
      { action: "apiKey.regenerated", before: { prefix: key.prefix }, after: { prefix: after.prefix } },
    ]);
    expect(JSON.stringify(await events())).not.toContain(made.token.slice(10));
  });

  it.each([
    ["one_hour", 1],
    ["one_day", 24],
    ["seven_days", 168],
  ] as const)("lets the old token go on for %s", async (overlap, hours) => {
    const { key } = await ownKey();
    const { oldTokenUntil } = await regenerateApiKey(await issuer(), { id: key.id, revision: 1, overlap });
    const [entry] = await events();
    expect(Date.parse(oldTokenUntil ?? "")).toBe((entry?.occurredAt.getTime() ?? 0) + hours * 3_600_000);
    expect((await stored(key.id)).tokens[0]?.retiresAt?.toISOString()).toBe(oldTokenUntil);
  });

  it("never lets it outlive the key, and at most one overlap", async () => {
    const { key } = await ownKey({ expiresAt: new Date(Date.now() + DAY_MS) });
    const { oldTokenUntil } = await regenerateApiKey(await issuer(), {
      id: key.id,
      revision: 1,
      overlap: "seven_days",
    });
    expect(oldTokenUntil).toBe(key.expiresAt.toISOString());
    await regenerateApiKey(await issuer(), { id: key.id, revision: 2, overlap: "one_hour" });
    const [first, second, third] = (await stored(key.id)).tokens.map(({ retiresAt }) => retiresAt);
    expect(first?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(second?.getTime()).toBeGreaterThan(Date.now());
    expect(third).toBeNull();
  });
});

describe("revokeApiKey", () => {
  it("ends the key for good and says who did it", async () => {
    const { key } = await ownKey({ oldTokenUntil: new Date(Date.now() + DAY_MS) });
    await revokeApiKey(await manager(partner.administrator), { id: key.id });
    expect(await stored(key.id)).toMatchObject({
      revokedReason: "by_hand",
      revokedById: partner.administrator.id,
      revision: 2,
      expiresAt: key.expiresAt,
    });
    expect(await events()).toMatchObject([
      {
        action: "apiKey.revoked",
        recordId: key.id,
        after: { reason: "by_hand" },
        actorName: partner.administrator.name,
      },
    ]);
  });
});
