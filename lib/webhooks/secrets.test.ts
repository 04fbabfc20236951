import { beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount } from "@/prisma/factories/accounts-and-keys";
import { makeWebhook, makeWebhookEvent } from "@/prisma/factories/webhooks";
import { mintWebhookSecret, openForWebhook } from "./secrets";

let account: Account;
beforeAll(async () => {
  account = await makeAccount();
});

describe("a webhook's secret", () => {
  it("is 256 random bits, in the form of the Standard Webhooks specification", () => {
    const secrets = Array.from({ length: 50 }, mintWebhookSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice("whsec_".length), "base64")).toHaveLength(32);
    }
  });

  it("stands encrypted in its row, and can be read there alone", async () => {
    const { webhook, secret } = await makeWebhook({ account, authorization: "Bearer canary" });
    const { webhook: other } = await makeWebhook({ account });
    const sealed = webhook.secret ?? new Uint8Array();
    expect(Buffer.from(sealed).includes(secret.slice(6))).toBe(false);
    expect(openForWebhook(webhook.id, "secret", sealed)).toBe(secret);
    expect(openForWebhook(webhook.id, "authorization", webhook.authorization ?? new Uint8Array())).toBe(
      "Bearer canary",
    );
    expect(() => openForWebhook(other.id, "secret", sealed)).toThrow();
    expect(() => openForWebhook(webhook.id, "authorization", sealed)).toThrow();
    expect(() =>
      openForWebhook(
        webhook.id,
        "secret",
        sealed.map((byte, index) => (index === 20 ? byte ^ 1 : byte)),
      ),
    ).toThrow();
  });
});

describe("the database refuses", () => {
  const change = (id: number, data: object) => bookkeepingDb().webhook.update({ where: { id }, data });

  it.each([
    ["a webhook without a secret", { secret: null }],
    ["a secret as it is", { secret: new TextEncoder().encode("whsec_short") }],
    ["one without events", { allEvents: false, events: [] }],
    ["one disabled for no reason", { enabled: false }],
    ["an old secret without an end", { previousSecret: new Uint8Array(40) }],
    ["a deleted one that keeps its secret", { deletedAt: new Date(), enabled: false, disabledAt: new Date() }],
  ])("%s", async (_what, data) => {
    const { webhook } = await makeWebhook({ account });
    await expect(change(webhook.id, data)).rejects.toThrow();
  });

  it("the same event for the same webhook twice, and a pending one that is never due", async () => {
    const { webhook } = await makeWebhook({ account });
    await makeWebhookEvent({ webhook, sequence: 7 });
    await expect(makeWebhookEvent({ webhook, sequence: 7 })).rejects.toThrow();
    await expect(makeWebhookEvent({ webhook, nextAttemptAt: null })).rejects.toThrow();
    const { id } = await makeWebhookEvent({ webhook });
    const lost = { status: "lost", nextAttemptAt: null };
    await expect(bookkeepingDb().webhookEvent.update({ where: { id }, data: lost })).rejects.toThrow();
    // Test events stem from no entry: there may be many.
    await makeWebhookEvent({ webhook });
    await makeWebhookEvent({ webhook });
  });

  it("a delivery to another account's webhook", async () => {
    const { webhook } = await makeWebhook({ account });
    const stranger = await makeAccount();
    await expect(makeWebhookEvent({ webhook: { id: webhook.id, accountId: stranger.id } })).rejects.toThrow();
  });
});
