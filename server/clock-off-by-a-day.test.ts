import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { createApiKeyAction } from "@/lib/api-keys/actions";
import { getCallingApiKey } from "@/lib/api-keys/endpoints";
import { listApiKeys } from "@/lib/api-keys/queries";
import { apiKeyListQuery } from "@/lib/api-keys/schema";
import { authContextIn } from "@/lib/auth/session";
import { databaseNow } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { serveForTests, type TestApi } from "@/testing/serve-api";
import { createSignInLink, redeemSignInLink } from "@/lib/sign-in/create-sign-in-link";
import { makeAccountWithPeople, makeApiKey, makeSession, permitFor } from "@/prisma/factories/accounts-and-keys";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let api: TestApi;
let people: Awaited<ReturnType<typeof makeAccountWithPeople>>;

beforeAll(async () => {
  api = await serveForTests([getCallingApiKey]);
  people = await makeAccountWithPeople({ plan: "premium" });
});
afterAll(() => api.close());
afterEach(() => {
  vi.useRealTimers();
});

const identityWith = (sessionToken: string) => ({
  sessionToken,
  requestedFrom: env().APP_URL,
  ip: "203.0.113.7",
  requestId: randomUUID(),
});

async function keyEndingIn(ms: number): Promise<{ id: number; token: string }> {
  const { key, token } = await makeApiKey({ account: people.account, createdBy: people.owner });
  const expiresAt = new Date((await databaseNow()).getTime() + ms);
  await bookkeepingDb().apiKey.update({ where: { id: key.id }, data: { expiresAt } });
  return { id: key.id, token };
}

describe.each([
  ["a day ahead", DAY_MS],
  ["a day behind", -DAY_MS],
])("with this process's clock %s, the database's decides:", (_, offset) => {
  const shiftClock = () => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + offset });

  it("which key still opens, and what the list says of it", async () => {
    const [live, over] = [await keyEndingIn(60 * MINUTE_MS), await keyEndingIn(-MINUTE_MS)];
    shiftClock();
    expect((await api.call("/api/v1/api_key", { token: live.token })).status).toBe(200);
    const refused = await api.call("/api/v1/api_key", { token: over.token });
    expect([refused.status, refused.json.code]).toEqual([401, "key_expired"]);
    const permit = await permitFor("apiKeys.read", { user: people.owner, account: people.account });
    const { rows } = await listApiKeys(permit, apiKeyListQuery.parse({}));
    const statusOf = (id: number) => rows.find((row) => row.id === id)?.status;
    expect([statusOf(live.id), statusOf(over.id)]).toEqual(["expiring", "revoked"]);
  });

  it("which session lives, and whose sign-in is fresh", async () => {
    const [fresh, old, idle, ended] = await Promise.all([
      makeSession(people.owner, { signedInMinutesAgo: 14 }),
      makeSession(people.owner, { signedInMinutesAgo: 16 }),
      makeSession(people.owner, { lastSeenMinutesAgo: 31 }),
      makeSession(people.owner, { signedInMinutesAgo: 12 * 60 + 1 }),
    ]);
    shiftClock();
    const actorOf = async (session: string) => (await authContextIn(people.account.token, identityWith(session))).actor;
    expect(await actorOf(fresh)).toMatchObject({ kind: "user", signedInRecently: true });
    expect(await actorOf(old)).toMatchObject({ kind: "user", signedInRecently: false });
    expect(await actorOf(idle)).toEqual({ kind: "anyone" });
    expect(await actorOf(ended)).toEqual({ kind: "anyone" });
  });

  it("which sign-in link is good", async () => {
    const { email } = people.owner;
    const [good, late] = [await createSignInLink(email), await createSignInLink(email)];
    await bookkeepingDb().$executeRaw`
      UPDATE sign_in_links SET expires_at = expires_at - interval '16 minutes'
      WHERE token_hash = ${new Uint8Array(Buffer.from(late.tokenHash, "hex"))}`;
    shiftClock();
    expect(await redeemSignInLink(bookkeepingDb(), { email, tokenHash: late.tokenHash })).toBe(false);
    expect(await redeemSignInLink(bookkeepingDb(), { email, tokenHash: good.tokenHash })).toBe(true);
  });

  it("when a new key ends", async () => {
    const session = await makeSession(people.owner);
    shiftClock();
    const before = await databaseNow();
    const result = await createApiKeyAction.invoke(identityWith(session), people.account.token, {
      submissionId: randomUUID(),
      name: "Telematics",
      apiVersion: "2025-05-05",
      expiry: { kind: "months", months: 3 },
      scopes: ["vehicles.read"],
      customers: null,
      allowedIps: [],
    });
    expect(result).toMatchObject({ ok: true });
    const newest = await bookkeepingDb().apiKey.findFirstOrThrow({
      where: { accountId: people.account.id },
      orderBy: { id: "desc" },
    });
    expect(newest.createdAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(newest.createdAt.getTime()).toBeLessThan(before.getTime() + 60 * MINUTE_MS);
    const ends = newest.expiresAt.getTime() - before.getTime();
    expect(ends).toBeGreaterThan(88 * DAY_MS);
    expect(ends).toBeLessThan(93 * DAY_MS);
  });
});
