import { afterAll, afterEach, describe, expect, it } from "vitest";

import type { Webhook } from "@/generated/prisma/client";
import { useOwnDatabase } from "@/testing/own-database";

// Whoever claims takes every delivery: a database of its own.
const dropDatabase = await useOwnDatabase("claims");
const { Slots } = await import("@/lib/jobs/slots");
const { databaseNow } = await import("@/lib/platform/database/db");
const { endPools } = await import("@/lib/platform/database/pool");
const { bookkeepingDb } = await import("@/lib/platform/database/write-db");
const { makeAccount } = await import("@/prisma/factories/accounts-and-keys");
const { makeWebhook } = await import("@/prisma/factories/webhooks");
const { claimDeliveries } = await import("./claim-deliveries");
type ClaimedDelivery = Awaited<ReturnType<typeof claimDeliveries>>[number];

afterEach(async () => {
  await bookkeepingDb().webhookEvent.deleteMany();
});
afterAll(async () => {
  await endPools();
  await dropDatabase();
});

const now = await databaseNow();

async function put(webhook: Webhook, count: number): Promise<void> {
  const { id: webhookId, accountId } = webhook;
  const line = Array.from({ length: count }, (_, n) => ({
    accountId,
    webhookId,
    messageId: `msg_${webhookId}_${n}`,
    event: "vehicle_created",
    body: "{}",
    nextAttemptAt: now,
  }));
  await bookkeepingDb().webhookEvent.createMany({ data: line });
}

interface Lines {
  readonly webhooks: number;
  readonly each: number;
  readonly failing?: boolean;
}

/** An account with so many webhooks, and so much in line for each; the answer is its id. */
async function makeLines(...kinds: readonly Lines[]): Promise<number> {
  const account = await makeAccount();
  for (const { webhooks, each, failing = false } of kinds)
    for (let n = 0; n < webhooks; n += 1) {
      const { webhook } = await makeWebhook({ account, failedAttempts: failing ? 3 : 0 });
      await put(webhook, each);
    }
  return account.id;
}

/** Claims until nothing more is given; nothing ends meanwhile. */
async function claimAll(slots: InstanceType<typeof Slots<ClaimedDelivery>>, roomForFailing = 1000) {
  for (;;) {
    const claimed = await claimDeliveries({ now, slots, roomEach: 10, roomForFailing });
    for (const delivery of claimed) {
      const { accountId, webhookId: lineId, isFailing } = delivery;
      slots.take(delivery, { accountId, lineId, isFailing });
    }
    if (claimed.length === 0) return new Map(slots.byAccount().map((held) => [held.id, held]));
  }
}

describe("the slots", () => {
  it("go to one account by half, and to whoever comes later as long as any is free", async () => {
    const slots = new Slots<ClaimedDelivery>(60);
    const first = await makeLines({ webhooks: 5, each: 20 });
    expect((await claimAll(slots)).get(first)?.count).toBe(30);
    const second = await makeLines({ webhooks: 5, each: 20 });
    expect((await claimAll(slots)).get(second)?.count).toBe(15);
    const third = await makeLines({ webhooks: 1, each: 3 });
    expect((await claimAll(slots)).get(third)?.count).toBe(3);
    expect(slots.free).toBe(12);
  });

  it("are shared alike by accounts that come together, whatever each has waiting", async () => {
    const ids = [
      await makeLines({ webhooks: 5, each: 20 }),
      await makeLines({ webhooks: 4, each: 20 }),
      await makeLines({ webhooks: 1, each: 2 }),
    ];
    const held = await claimAll(new Slots<ClaimedDelivery>(62));
    expect(ids.map((id) => held.get(id)?.count)).toEqual([20, 20, 2]);
  });

  it("are for everybody one, however many there are", async () => {
    const slots = new Slots<ClaimedDelivery>(5);
    for (let n = 0; n < 6; n += 1) await makeLines({ webhooks: 1, each: 4 });
    const held = await claimAll(slots);
    expect([...held.values()].map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
    expect(slots.free).toBe(0);
  });

  it("of one account go by a third at most to its endpoints that fail, while the others have something in line", async () => {
    const id = await makeLines({ webhooks: 15, each: 2, failing: true }, { webhooks: 4, each: 20 });
    expect((await claimAll(new Slots<ClaimedDelivery>(60))).get(id)).toMatchObject({ count: 30, failing: 10 });
  });

  it("that fail are bounded in all, those under way counted in", async () => {
    const slots = new Slots<ClaimedDelivery>(100);
    for (let n = 0; n < 3; n += 1) await makeLines({ webhooks: 3, each: 2, failing: true });
    await claimAll(slots, 6);
    expect([slots.failing, slots.free]).toEqual([6, 94]);
  });
});
