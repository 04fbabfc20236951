import { beforeAll, describe, expect, it } from "vitest";

import { COUNT_STOPS_AT } from "@/lib/platform/list-page";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { longTransaction } from "@/testing/long-transaction";
import { viewCost } from "@/testing/view-cost";
import { MAX_WEBHOOKS } from "../policy";
import { listWebhookRows } from "../queries";
import { deliveryListQuery } from "../schema";
import { countFailedSince, getDelivery, listDeliveries } from "./queries";

const DELIVERIES = 50_000;
/**
 * Pages of 8 kB that one statement may touch: four counts that stop at 1,001, each row in a page of its own at worst, or
 * a page of 51 with the last attempt of each. All 50,000 would be far more.
 */
const MOST_BLOCKS = 4 * (COUNT_STOPS_AT + 1) + 1000;

let people: AccountWithPeople;
let webhookId: number;
let latest: number;

const reader = () => permitFor("webhooks.read", { user: people.owner, account: people.account });
const list = async (given: Record<string, unknown>) =>
  listDeliveries(await reader(), { webhookId, ...deliveryListQuery.parse(given) });

/** Of the busy one nearly all arrived; one in 40 failed, one in 400 waits, and contacts are rare. The others have 50 each. */
beforeAll(async () => {
  people = await makeAccountWithPeople();
  const ids: number[] = [];
  for (let index = 0; index < MAX_WEBHOOKS; index++)
    ids.push((await makeWebhook({ account: people.account })).webhook.id);
  webhookId = ids[0] ?? 0;
  await longTransaction(async (tx) => {
    await tx.$executeRaw`
        INSERT INTO webhook_events (account_id, webhook_id, message_id, event, body, status, attempts, next_attempt_at, created_at)
        SELECT ${people.account.id}, (${ids}::int[])[CASE WHEN n <= ${DELIVERIES} THEN 1 ELSE 2 + n % ${MAX_WEBHOOKS - 1} END],
          'msg_' || gen_random_uuid(), CASE WHEN n % 1000 = 0 THEN 'contact_created' WHEN n % 2 = 0 THEN 'vehicle_created' ELSE 'vehicle_updated' END,
          repeat('x', 300), CASE WHEN n % 40 = 0 THEN 'failed' WHEN n % 400 = 1 THEN 'pending' ELSE 'delivered' END, 1,
          CASE WHEN n % 400 = 1 THEN clock_timestamp() + interval '1 hour' END,
          clock_timestamp() - interval '1 minute' * (${DELIVERIES} - n) / 2
        FROM generate_series(1, ${DELIVERIES + 50 * (MAX_WEBHOOKS - 1)}::int) n`;
    await tx.$executeRaw`
        INSERT INTO webhook_attempts (webhook_event_id, sent_at, duration_ms, request_headers, response_status)
        SELECT id, created_at, 12, '{}', 200 FROM webhook_events WHERE webhook_id = ${webhookId}`;
    await tx.$executeRaw`ANALYZE webhook_events, webhook_attempts, webhooks`;
  });
  const { rows } = await list({});
  latest = rows[0]?.id ?? 0;
}, 120_000);

const since = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

describe("with 50,000 deliveries of one webhook among fifty", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["all of them", () => list({})],
    ["those that arrived", () => list({ status: "delivered" })],
    ["those that failed", () => list({ status: "failed" })],
    ["those that wait", () => list({ status: "pending" })],
    ["a status that none has", () => list({ status: "canceled" })],
    ["of a common event", () => list({ event: "vehicle_updated" })],
    ["of a rare event", () => list({ event: "contact_created" })],
    ["of an event that never was", () => list({ event: "fuel_entry_deleted" })],
    ["both filters, much", () => list({ event: "vehicle_created", status: "delivered" })],
    ["both filters, little", () => list({ event: "vehicle_updated", status: "pending" })],
    ["both filters, nothing", () => list({ event: "contact_created", status: "pending" })],
    ["the second page", async () => list({ after: (await list({})).next })],
    ["one of them", async () => getDelivery(await reader(), { webhookId, id: latest })],
    ["what failed in a day", async () => countFailedSince(await reader(), { id: webhookId, since: since(1) })],
    ["what failed in 30 days", async () => countFailedSince(await reader(), { id: webhookId, since: since(30) })],
    ["the list of webhooks", async () => listWebhookRows(await reader())],
  ])("%s: by index, few blocks", async (_, view) => {
    const { blocks, walked } = await viewCost(view);
    expect(Math.max(...blocks)).toBeLessThanOrEqual(MOST_BLOCKS);
    // Accounts and webhooks are few: reading them whole may be the quickest.
    expect(walked).not.toContain("webhook_events");
    expect(walked).not.toContain("webhook_attempts");
  });
});
