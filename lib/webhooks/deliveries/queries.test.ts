import { beforeAll, describe, expect, it } from "vitest";

import type { Permit } from "@/lib/auth/permit";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { countStatements } from "@/testing/count-statements";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeWebhook, makeWebhookEvent, type MadeWebhook } from "@/prisma/factories/webhooks";
import { getWebhookRow, listWebhookRows } from "../queries";
import { deliveryListQuery } from "../schema";
import { countFailedSince, getDelivery, listDeliveries } from "./queries";

let people: AccountWithPeople;
let permit: Permit<"webhooks.read">;
let stranger: Permit<"webhooks.read">;
let webhook: MadeWebhook["webhook"];
let disabled: MadeWebhook["webhook"];
const ids: Record<string, number> = {};
const SENT_AT = new Date("2026-11-20T10:00:00.000Z");

beforeAll(async () => {
  people = await makeAccountWithPeople();
  const { account } = people;
  ({ webhook } = await makeWebhook({ account, failingSince: SENT_AT, failedAttempts: 3, description: "Key cabinet" }));
  ({ webhook: disabled } = await makeWebhook({ account, disabledAt: SENT_AT, disabledReason: "gone" }));
  await makeWebhook({ account: (await makeAccountWithPeople()).account });
  const kinds = {
    delivered: { status: "delivered", attempts: 1, sequence: 1 },
    failed: { status: "failed", attempts: 2, event: "contact_created", lastSentAt: SENT_AT, sequence: 2 },
    canceled: { status: "canceled", sequence: 3 },
    waiting: { attempts: 1, retries: 1, nextAttemptAt: new Date(Date.now() + 3_600_000), sequence: 4 },
    underWay: { leasedUntil: new Date(Date.now() + 3_600_000) },
  } as const;
  for (const [name, choice] of Object.entries(kinds)) ids[name] = (await makeWebhookEvent({ webhook, ...choice })).id;
  ids.ofDisabled = (await makeWebhookEvent({ webhook: disabled, status: "canceled" })).id;
  for (const [at, status] of [502, null].entries())
    await bookkeepingDb().webhookAttempt.create({
      data: {
        webhookEventId: ids.failed ?? 0,
        sentAt: new Date(SENT_AT.getTime() + at * 1000),
        durationMs: 12,
        requestHeaders: { "content-type": "application/json", "webhook-id": "msg_1" },
        responseStatus: status,
        ...(status !== null && {
          responseHeaders: { server: "nginx", "set-cookie": ["a", "b"] },
          responseBody: "<b>no</b>",
        }),
        error: status === null ? "No connection." : "The receiver answered 502.",
      },
    });
  permit = await permitFor("webhooks.read", { user: people.owner, account });
  const other = await makeAccountWithPeople();
  stranger = await permitFor("webhooks.read", { user: other.owner, account: other.account });
});

const list = (given: Record<string, unknown> = {}, of = permit, webhookId = webhook.id) =>
  listDeliveries(of, { webhookId, ...deliveryListQuery.parse(given) });
const named = async (given: Record<string, unknown>) =>
  (await list(given)).rows.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));

describe("the list of a webhook's deliveries", () => {
  it("shows its own, the newest first, in two statements", async () => {
    expect(await named({})).toEqual(["underWay", "waiting", "canceled", "failed", "delivered"]);
    expect(await countStatements(() => list())).toBe(2);
    expect((await list()).counts).toEqual({ all: 5, pending: 2, delivered: 1, failed: 1, canceled: 1 });
  });

  it("says of each how it stands, what came of the last attempt, and what may be done", async () => {
    const { rows } = await list();
    const of = (name: string) => rows.find(({ id }) => id === ids[name]);
    expect(of("failed")).toMatchObject({
      name: `contact_created (delivery ${ids.failed ?? 0})`,
      event: "contact_created",
      isTest: false,
      attempts: 2,
      responseStatus: null,
      error: "No connection.",
      lastSentAt: SENT_AT.toISOString(),
      nextAttemptAt: null,
      verbs: ["redeliver"],
    });
    expect(of("underWay")).toMatchObject({ isTest: true, underWay: true, verbs: [] });
    expect(of("waiting")).toMatchObject({ underWay: false, verbs: ["redeliver"] });
    expect((await list({}, permit, disabled.id)).rows).toMatchObject([{ id: ids.ofDisabled, verbs: [] }]);
  });

  it.each([
    [{ status: "failed" }, ["failed"]],
    [{ status: "pending" }, ["underWay", "waiting"]],
    [{ event: "vehicle_created" }, ["underWay", "waiting", "canceled", "delivered"]],
    [{ event: "vehicle_created", status: "canceled" }, ["canceled"]],
    [{ event: "contact_created", status: "delivered" }, []],
    [{ event: "nonsense", status: "nonsense" }, ["underWay", "waiting", "canceled", "failed", "delivered"]],
  ])("filters by %j", async (given, expected) => {
    expect(await named(given)).toEqual(expected);
  });

  it("counts the statuses under the event at hand", async () => {
    const { counts } = await list({ event: "contact_created", status: "delivered" });
    expect(counts).toEqual({ all: 1, pending: 0, delivered: 0, failed: 1, canceled: 0 });
  });

  it("shows nothing of another account's", async () => {
    expect(await list({}, stranger)).toMatchObject({ rows: [], counts: { all: 0 } });
    expect(await countFailedSince(stranger, { id: webhook.id, since: "2026-01-01T00:00:00.000Z" })).toEqual({
      count: 0,
    });
  });

  it("walks the pages there and back", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const { webhook: busy } = await makeWebhook({ account });
    for (let index = 0; index < 120; index++) await makeWebhookEvent({ webhook: busy, status: "delivered" });
    const reader = await permitFor("webhooks.read", { user: owner, account });
    const page = (place: object) => list({ status: "delivered", ...place }, reader, busy.id);
    const first = await page({});
    const second = await page({ after: first.next });
    const third = await page({ after: second.next });
    const seen = [first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id));
    expect([seen.length, new Set(seen).size, third.next, first.previous]).toEqual([120, 120, null, null]);
    expect((await page({ before: third.previous })).rows).toEqual(second.rows);
  });
});

describe("a delivery's own page", () => {
  it("holds the request and every attempt, the latest first", async () => {
    const found = await getDelivery(permit, { webhookId: webhook.id, id: ids.failed ?? 0 });
    expect(found).toMatchObject({
      webhook: { id: webhook.id, url: webhook.url },
      status: "failed",
      verbs: ["redeliver"],
    });
    expect(JSON.parse(found.body)).toMatchObject({ event: "contact_created" });
    expect(found.messageId).toMatch(/^msg_/);
    expect(found.log).toMatchObject([
      { responseStatus: null, responseHeaders: null, responseBody: null, error: "No connection." },
      {
        sentAt: SENT_AT.toISOString(),
        durationMs: 12,
        requestHeaders: { "webhook-id": "msg_1" },
        responseStatus: 502,
        responseHeaders: { "set-cookie": ["a", "b"] },
        responseBody: "<b>no</b>",
      },
    ]);
  });

  it("is not found for another account, nor under another webhook", async () => {
    const of = { webhookId: webhook.id, id: ids.failed ?? 0 };
    const works = [
      () => getDelivery(stranger, of),
      () => getDelivery(permit, { ...of, webhookId: disabled.id }),
      () => getDelivery(permit, { ...of, id: 2_147_483_647 }),
      () => getWebhookRow(stranger, { id: webhook.id }),
    ];
    for (const work of works) await expect(work()).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the list of webhooks", () => {
  it("shows the account's own, the newest first, with state, last delivery and verbs, in one statement", async () => {
    expect(await countStatements(() => listWebhookRows(permit))).toBe(1);
    const { rows } = await listWebhookRows(permit);
    expect(rows).toMatchObject([
      {
        id: disabled.id,
        enabled: false,
        disabled: { reason: "gone", at: SENT_AT.toISOString() },
        failingSince: null,
        lastDelivery: { status: "canceled", event: "vehicle_created" },
        verbs: ["edit", "viewSecret", "rotateSecret", "enable", "delete"],
      },
      {
        id: webhook.id,
        url: webhook.url,
        description: "Key cabinet",
        enabled: true,
        disabled: null,
        failingSince: SENT_AT.toISOString(),
        allEvents: true,
        hasAuthorization: false,
        oldSecretUntil: null,
        lastDelivery: { status: "pending", event: "vehicle_created" },
        createdAt: webhook.createdAt.toISOString(),
        verbs: ["edit", "sendTest", "viewSecret", "rotateSecret", "disable", "delete"],
      },
    ]);
    expect(await getWebhookRow(permit, { id: webhook.id })).toEqual(rows[1]);
    expect(JSON.stringify(rows)).not.toMatch(/whsec_|"secret"/);
  });

  it("says nothing of a webhook that was deleted, and of none at all tells the time alone", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const reader = await permitFor("webhooks.read", { user: owner, account });
    expect(await listWebhookRows(reader)).toEqual({ rows: [], now: expect.stringMatching(/Z$/) as string });
    const { webhook: made } = await makeWebhook({ account, previousSecret: "whsec_old" });
    expect((await listWebhookRows(reader)).rows).toMatchObject([
      { lastDelivery: null, oldSecretUntil: made.previousSecretEndsAt?.toISOString() },
    ]);
    const gone = { deletedAt: new Date(), enabled: false, disabledAt: new Date(), disabledReason: "by_hand" } as const;
    const secrets = { secret: null, previousSecret: null, previousSecretEndsAt: null };
    await bookkeepingDb().webhook.update({ where: { id: made.id }, data: { ...gone, ...secrets } });
    expect((await listWebhookRows(reader)).rows).toEqual([]);
    await expect(getWebhookRow(reader, { id: made.id })).rejects.toMatchObject({ code: "not_found" });
  });
});
