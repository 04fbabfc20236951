import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import type { Permit } from "@/lib/auth/permit";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/platform/errors";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makeApiKey,
  makePartnerWithPeople,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import type { CreateApiKeyInput } from "./schema";
import { createApiKey, regenerateApiKey, renewApiKey, revokeApiKey } from "./service";

const INTERLEAVINGS = 200;
const BATCH_SIZE = 3;
/** Ten seconds on a machine that has nothing else to do. */
const BUSY_MS = 240_000;

const asInput = (name: string): CreateApiKeyInput => ({
  submissionId: randomUUID(),
  name,
  apiVersion: "2025-05-05",
  expiry: { kind: "months", months: 12 },
  scopes: ["vehicles.read"],
  customers: null,
  allowedIps: [],
});

const codeOf = (outcome: PromiseSettledResult<unknown>) =>
  outcome.status === "fulfilled" ? "done" : String((outcome.reason as { code?: string }).code);

/** As a person does whose save ran into a time-out, on a machine that is busy: the same form again. */
async function withRetry<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DomainError) throw error;
    }
  }
}

describe("somebody who is removed or demoted after he was let in", () => {
  it.each(["removed", "demoted"])("%s: gets no token, neither of a new key nor of an old one", async (what) => {
    const { account, administrator } = await makePartnerWithPeople();
    const { key } = await makeApiKey({ account, createdBy: administrator });
    const permit = await permitFor("apiKeys.issue", { user: administrator, account });
    const where = { userId: administrator.id, accountId: account.id };
    if (what === "removed") await bookkeepingDb().membership.deleteMany({ where });
    else await bookkeepingDb().membership.updateMany({ where, data: { role: "member" } });
    // Told as whoever asks anew: there is no such space for somebody who is no member of it.
    const refusal = { code: what === "removed" ? "not_found" : "forbidden" };
    await expect(createApiKey(permit, asInput("Late"))).rejects.toMatchObject(refusal);
    const again = { id: key.id, revision: key.revision, overlap: "none" as const };
    await expect(regenerateApiKey(permit, again)).rejects.toMatchObject(refusal);
    expect(await db().apiKey.findMany({ where: { accountId: account.id }, select: { prefix: true } })).toEqual([
      { prefix: key.prefix },
    ]);
    expect(await db().auditEntry.count({ where: { accountId: account.id } })).toBe(0);
  });
});

describe("creations at once", () => {
  it(
    "fifty at the limit leave exactly as many keys as are allowed",
    async () => {
      const { account, owner } = await makePartnerWithPeople();
      const permit = await permitFor("apiKeys.issue", { user: owner, account });
      const limit = env().MAX_ACTIVE_KEYS_PER_ACCOUNT;
      const free = 20;
      for (let made = 0; made < limit - free; made++) await makeApiKey({ account });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) => {
          const input = asInput(`Key ${index}`);
          return withRetry(() => createApiKey(permit, input));
        }),
      );
      const codes = outcomes.map(codeOf);
      expect(codes.filter((code) => code === "done")).toHaveLength(free);
      expect(codes.filter((code) => code === "limit_reached")).toHaveLength(50 - free);
      expect(await db().apiKey.count({ where: { accountId: account.id, revokedAt: null } })).toBe(limit);
      expect(await db().auditEntry.count({ where: { accountId: account.id } })).toBe(free);
    },
    BUSY_MS,
  );

  it("in two accounts never end up in the wrong one", async () => {
    const [one, two] = [await makePartnerWithPeople(), await makePartnerWithPeople()];
    const permits = [one, two].map(({ owner, account }) => permitFor("apiKeys.issue", { user: owner, account }));
    const [first, second] = await Promise.all(permits);
    if (!first || !second) throw new Error("two permits were made");
    await Promise.all(
      Array.from({ length: 24 }, (_, index) => {
        const [permit, input] = [index % 2 ? second : first, asInput(index % 2 ? "of two" : "of one")];
        return withRetry(() => createApiKey(permit, input));
      }),
    );
    for (const [partner, name] of [
      [one, "of one"],
      [two, "of two"],
    ] as const) {
      const keys = await db().apiKey.findMany({ where: { accountId: partner.account.id } });
      expect(keys.map((key) => [key.name, key.createdById])).toEqual(Array(12).fill([name, partner.owner.id]));
      const entries = await db().auditEntry.findMany({
        where: { accountId: partner.account.id },
        orderBy: { sequence: "asc" },
      });
      expect(entries.map(({ recordName, sequence }) => [recordName, sequence])).toEqual(
        Array.from({ length: 12 }, (_, index) => [name, index + 1]),
      );
    }
  });
});

/** Some milliseconds, by which the three start after one another or together. */
const jitter = () => sleep(Math.random() * 8);

async function interleave(
  { account, owner }: PartnerWithPeople,
  issue: Permit<"apiKeys.issue">,
  manage: Permit<"apiKeys.manage">,
): Promise<void> {
  const { key } = await makeApiKey({ account, createdBy: owner });
  // A second form may have been opened after the first was sent.
  const revision = () => 1 + Math.round(Math.random());
  const [forRenewal, forRegeneration] = [revision(), revision()];
  const [renewed, regenerated, revoked] = await Promise.allSettled([
    jitter().then(() => withRetry(() => renewApiKey(manage, { id: key.id, revision: forRenewal }))),
    jitter().then(() =>
      withRetry(() => regenerateApiKey(issue, { id: key.id, revision: forRegeneration, overlap: "one_day" })),
    ),
    jitter().then(() => withRetry(() => revokeApiKey(manage, { id: key.id }))),
  ] as const);
  expect(codeOf(revoked)).toBe("done");
  for (const outcome of [renewed, regenerated]) expect(["done", "conflict"]).toContain(codeOf(outcome));

  const after = await db().apiKey.findUniqueOrThrow({ where: { id: key.id }, include: { tokens: true } });
  const log = await db().auditEntry.findMany({
    where: { accountId: account.id, recordType: "apiKey", recordId: key.id },
    orderBy: { sequence: "asc" },
  });
  const actions = log.map(({ action }) => action);
  expect(after.revokedReason).toBe("by_hand");
  expect(actions.at(-1)).toBe("apiKey.revoked");
  expect(actions.includes("apiKey.renewed")).toBe(renewed.status === "fulfilled");
  expect(actions.includes("apiKey.regenerated")).toBe(regenerated.status === "fulfilled");
  expect(after.revision).toBe(1 + actions.length);
  expect(after.expiresAt.toISOString()).toBe(
    renewed.status === "fulfilled" ? renewed.value.expiresAt : key.expiresAt.toISOString(),
  );
  expect(after.prefix).toBe(regenerated.status === "fulfilled" ? regenerated.value.token.slice(0, 10) : key.prefix);
  expect(after.tokens.filter(({ retiresAt }) => retiresAt === null).map(({ prefix }) => prefix)).toEqual([
    after.prefix,
  ]);
}

describe("renew, regenerate and revoke at once", () => {
  it(
    `end legally ${INTERLEAVINGS} times, revoke wins, and the log tells the same story`,
    async () => {
      const partner = await makePartnerWithPeople();
      const issue = await permitFor("apiKeys.issue", { user: partner.owner, account: partner.account });
      const manage = await permitFor("apiKeys.manage", { user: partner.owner, account: partner.account });
      for (let done = 0; done < INTERLEAVINGS; done += BATCH_SIZE) {
        await Promise.all(Array.from({ length: BATCH_SIZE }, () => interleave(partner, issue, manage)));
      }
      const entries = await db().auditEntry.findMany({
        where: { accountId: partner.account.id },
        orderBy: { sequence: "asc" },
        select: { sequence: true },
      });
      expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
      expect(entries.length).toBeGreaterThan(INTERLEAVINGS);
    },
    BUSY_MS,
  );
});
