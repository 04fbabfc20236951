import { beforeEach, describe, expect, it } from "vitest";

import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeWebhook, makeWebhookEvent, type MadeWebhook } from "@/prisma/factories/webhooks";
import { refusal } from "@/testing/refusal";
import { MAX_REDELIVERED_AT_ONCE, type DeliveryStatus } from "../policy";
import { deleteWebhook } from "../service";
import { countFailedSince } from "./queries";
import { redeliver, redeliverFailed } from "./service";

const HOUR_MS = 3_600_000;

let customer: AccountWithPeople;
let webhook: MadeWebhook["webhook"];
beforeEach(async () => {
  customer = await makeAccountWithPeople();
  ({ webhook } = await makeWebhook({ account: customer.account, url: "https://receiver.example.com/hook" }));
});

const manager = (people = customer) => permitFor("webhooks.manage", { user: people.owner, account: people.account });
const reader = () => permitFor("webhooks.read", { user: customer.owner, account: customer.account });
const stored = (id: number) => db().webhookEvent.findUniqueOrThrow({ where: { id } });
const audited = async () =>
  (await db().auditEntry.findMany({ where: { accountId: customer.account.id }, orderBy: { sequence: "asc" } })).map(
    ({ action, recordType, recordId, before, after }) => ({ action, recordType, recordId, before, after }),
  );
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS);
const made = (choice: Omit<Parameters<typeof makeWebhookEvent>[0], "webhook">) =>
  makeWebhookEvent({ webhook, ...choice });
const waiting = (hours: number) => ({ attempts: 3, retries: 3, nextAttemptAt: hoursAgo(-hours) });

describe("redeliver", () => {
  it.each<[DeliveryStatus, object]>([
    ["failed", { attempts: 10, retries: 9 }],
    ["canceled", { attempts: 2, retries: 2 }],
    ["delivered", { attempts: 1 }],
    ["pending", waiting(5)],
  ])("sends a %s one again at once, from the beginning of the schedule, by the same id", async (status, facts) => {
    const delivery = await made({ status, ...facts });
    const startedAt = await bookkeepingDb().$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
    expect(await redeliver(await manager(), { id: delivery.id })).toEqual({ event: "vehicle_created" });
    const after = await stored(delivery.id);
    expect(after).toMatchObject({
      status: "pending",
      retries: 0,
      attempts: delivery.attempts,
      messageId: delivery.messageId,
      body: delivery.body,
    });
    expect(Math.abs(Number(after.nextAttemptAt) - Number(startedAt[0]?.now))).toBeLessThan(60_000);
    const jobs = await readSql(
      Prisma.sql`SELECT 1 FROM graphile_worker.jobs WHERE key = ${`webhooks.deliver/${delivery.id}`}`,
    );
    expect(jobs).toHaveLength(1);
    expect(await audited()).toEqual([
      {
        action: "webhook.redelivered",
        recordType: "webhook",
        recordId: webhook.id,
        before: { status },
        after: { delivery: delivery.id, event: "vehicle_created" },
      },
    ]);
  });

  it("done twice at once, goes out once", async () => {
    const delivery = await made({ status: "failed", attempts: 10 });
    const permit = await manager();
    await Promise.allSettled([redeliver(permit, delivery), redeliver(permit, delivery)]);
    expect(await stored(delivery.id)).toMatchObject({ status: "pending", attempts: 10 });
    expect(await db().webhookEvent.count({ where: { webhookId: webhook.id } })).toBe(1);
  });

  it("is refused while it is being sent, and nothing changes", async () => {
    const delivery = await made({ ...waiting(0), leasedUntil: hoursAgo(-1) });
    const { code, reason } = await refusal(redeliver(await manager(), { id: delivery.id }));
    expect([code, reason]).toEqual(["conflict", expect.stringContaining("being sent at this moment")]);
    expect(await stored(delivery.id)).toEqual(delivery);
    expect(await audited()).toEqual([]);
  });

  it("takes over from a sender that died", async () => {
    const delivery = await made({ ...waiting(0), leasedUntil: hoursAgo(1) });
    await redeliver(await manager(), { id: delivery.id });
    expect(await stored(delivery.id)).toMatchObject({ status: "pending", retries: 0, leasedUntil: null });
  });

  it("is refused where the webhook is disabled or deleted, with a sentence", async () => {
    const delivery = await made({ status: "failed" });
    const data = { enabled: false, disabledAt: new Date(), disabledReason: "gone" } as const;
    await bookkeepingDb().webhook.update({ where: { id: webhook.id }, data });
    const works = [
      async () => redeliver(await manager(), delivery),
      async () => redeliverFailed(await manager(), since(24)),
    ];
    const reasons = async () => {
      const refusals = [];
      for (const work of works) refusals.push(await refusal(work()));
      return refusals.map(({ code, reason }) => `${code}: ${reason}`);
    };
    for (const said of await reasons())
      expect(said).toMatch(/^conflict: This webhook is disabled and sends nothing. Enable it first/);
    await deleteWebhook(await manager(), { id: webhook.id });
    for (const said of await reasons()) expect(said).toMatch(/^conflict: This webhook was deleted and sends nothing/);
    expect(await stored(delivery.id)).toEqual(delivery);
  });

  it("does not find another account's, nor none", async () => {
    const delivery = await made({ status: "failed" });
    const stranger = await manager(await makeAccountWithPeople());
    const foreign = await refusal(redeliver(stranger, { id: delivery.id }));
    const unknown = await refusal(redeliver(stranger, { id: 2_147_483_647 }));
    expect(foreign.code).toBe("not_found");
    expect(foreign.reason).toBe(unknown.reason);
    expect((await refusal(redeliverFailed(stranger, since(24)))).code).toBe("not_found");
    expect(await stored(delivery.id)).toEqual(delivery);
  });
});

const since = (hours: number) => ({ id: webhook.id, since: hoursAgo(hours).toISOString() });

describe("redeliverFailed", () => {
  it("takes what did not arrive since then, of this webhook, and says how many before and after", async () => {
    const { webhook: other } = await makeWebhook({ account: customer.account });
    const again = [
      await made({ status: "failed", attempts: 10, createdAt: hoursAgo(2) }),
      await made({ status: "canceled", attempts: 0, createdAt: hoursAgo(1) }),
      await made({ ...waiting(5), createdAt: hoursAgo(1) }),
    ];
    const left = [
      await made({ status: "failed", createdAt: hoursAgo(30) }),
      await made({ status: "delivered", attempts: 1, createdAt: hoursAgo(1) }),
      await made({ ...waiting(-1), createdAt: hoursAgo(1) }),
      await made({ ...waiting(5), createdAt: hoursAgo(1), leasedUntil: hoursAgo(-1) }),
      await makeWebhookEvent({ webhook: other, status: "failed", createdAt: hoursAgo(1) }),
    ];
    expect(await countFailedSince(await reader(), since(24))).toEqual({ count: 3 });
    expect(await redeliverFailed(await manager(), since(24))).toEqual({ redelivered: 3, goOnFrom: null });
    expect(await countFailedSince(await reader(), since(24))).toEqual({ count: 0 });
    for (const { id, messageId } of again)
      expect(await stored(id)).toMatchObject({ status: "pending", retries: 0, messageId });
    for (const delivery of left) expect(await stored(delivery.id)).toEqual(delivery);
    expect(await audited()).toMatchObject([
      { action: "webhook.redelivered", recordId: webhook.id, after: { deliveries: 3 } },
    ]);
  });

  it("changes and notes nothing where there is nothing", async () => {
    expect(await redeliverFailed(await manager(), since(24))).toEqual({ redelivered: 0, goOnFrom: null });
    expect(await audited()).toEqual([]);
  });

  it("takes many in batches, the oldest first, each once", async () => {
    await bookkeepingDb().$executeRaw`
      INSERT INTO webhook_events (account_id, webhook_id, message_id, event, body, status, attempts, created_at)
      SELECT ${customer.account.id}, ${webhook.id}, 'msg_' || gen_random_uuid(), 'vehicle_created', '{}', 'failed', 10,
        ${hoursAgo(3)}::timestamptz + n * interval '10 ms' FROM generate_series(1, ${MAX_REDELIVERED_AT_ONCE + 200}::int) n`;
    expect(await countFailedSince(await reader(), since(24))).toEqual({ count: 1001 });
    const first = await redeliverFailed(await manager(), since(24));
    expect(first).toEqual({ redelivered: MAX_REDELIVERED_AT_ONCE, goOnFrom: expect.any(String) as string });
    const goOn = { id: webhook.id, since: first.goOnFrom ?? "" };
    expect(await redeliverFailed(await manager(), goOn)).toEqual({ redelivered: 200, goOnFrom: null });
    expect(await db().webhookEvent.count({ where: { webhookId: webhook.id, status: "failed" } })).toBe(0);
    expect((await audited()).map(({ action }) => action)).toEqual(["webhook.redelivered", "webhook.redelivered"]);
  });
});
