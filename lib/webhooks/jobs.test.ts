import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { editApiKey, regenerateApiKey, renewApiKey, revokeApiKey } from "@/lib/api-keys/service";
import { reportLeakedToken } from "@/lib/api-keys/report-leaked-token";
import type { Permission } from "@/lib/auth/permissions";
import { authorize } from "@/lib/auth/permit";
import { createContact, deleteContact } from "@/lib/contacts/service";
import type { PublishedEvent } from "@/lib/jobs/publish-events";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import {
  makeAccount,
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  permitFor,
  type AccountWithPeople,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { LISTENERS } from "@/server/worker";
import { enqueueDeliveriesJob } from "./jobs";
import { WEBHOOK_EVENT_NAMES } from "./policy";

let partner: PartnerWithPeople;
let customer: AccountWithPeople;
beforeAll(async () => {
  partner = await makePartnerWithPeople();
});
beforeEach(async () => {
  customer = await makeAccountWithPeople();
});

const deliveriesOf = (webhook: { id: number }) =>
  db().webhookEvent.findMany({ where: { webhookId: webhook.id }, orderBy: { id: "asc" } });
let sequence = 0;
const vehicleCreated = (account: Pick<Account, "id">, changes: Partial<PublishedEvent> = {}): PublishedEvent => ({
  accountId: account.id,
  sequence: ++sequence,
  name: "vehicle.created",
  record: { type: "vehicle", id: 17, name: "Van" },
  payload: { id: 17, name: "Van", primary_meter_unit: "km" },
  triggeredBy: "ada@example.com",
  occurredAt: new Date(Date.now() + 60_000).toISOString(),
  ...changes,
});
/** What the queue holds of an account's latest change, as the listeners get it. */
async function published(accountId: number): Promise<PublishedEvent[]> {
  const jobs = await readSql<{ entries: PublishedEvent[] }>(Prisma.sql`
    SELECT j.payload->'entries' AS entries FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
    WHERE t.identifier = 'events.publish' AND j.payload->'entries'->0->>'accountId' = ${String(accountId)} ORDER BY j.id`);
  return jobs.flatMap(({ entries }) => entries);
}
const latest = async (accountId: number, name: string) =>
  (await published(accountId)).findLast((event) => event.name === name);

describe("webhooks.noteEvents", () => {
  it("hears of every event that webhooks may hear of", () => {
    for (const name of WEBHOOK_EVENT_NAMES) expect(LISTENERS[name]).toContain(enqueueDeliveriesJob);
  });

  it("puts down one delivery per webhook that asked, and a job that sends each; run again, nothing more", async () => {
    const account = customer.account;
    const { webhook: all } = await makeWebhook({ account });
    const { webhook: some } = await makeWebhook({ account, events: ["vehicle_created", "contact_created"] });
    const { webhook: other } = await makeWebhook({ account, events: ["contact_created"] });
    const { webhook: disabled } = await makeWebhook({ account, disabledAt: new Date() });
    const { webhook: foreign } = await makeWebhook({ account: await makeAccount() });
    const event = vehicleCreated(account);
    await Promise.all([enqueueDeliveriesJob.perform(event), enqueueDeliveriesJob.perform(event)]);
    await enqueueDeliveriesJob.perform(event);
    for (const webhook of [all, some]) {
      const [delivery, ...more] = await deliveriesOf(webhook);
      expect(more).toEqual([]);
      expect(delivery).toMatchObject({
        accountId: account.id,
        sequence: event.sequence,
        event: "vehicle_created",
        status: "pending",
        attempts: 0,
      });
      expect(delivery?.messageId).toMatch(/^msg_[0-9a-f]{32}$/);
      const jobs = await readSql(
        Prisma.sql`SELECT 1 FROM graphile_worker.jobs WHERE key = ${`webhooks.deliver/${delivery?.id ?? 0}`}`,
      );
      expect(jobs).toHaveLength(1);
    }
    for (const webhook of [other, disabled, foreign]) expect(await deliveriesOf(webhook)).toEqual([]);
  });

  it("puts down a batch in its order, each event to those who asked for it; run again, nothing more", async () => {
    const account = customer.account;
    const { webhook: all } = await makeWebhook({ account });
    const { webhook: some } = await makeWebhook({ account, events: ["contact_created"] });
    const names = ["vehicle.created", "contact.created", "vehicle.created", "contact.updated"];
    const events = names.map((name) => vehicleCreated(account, { name }));
    const unheard = vehicleCreated(account, { payload: null });
    await enqueueDeliveriesJob.perform({ events: [...events.slice(0, 2), unheard, ...events.slice(2)] });
    await enqueueDeliveriesJob.perform({ events });
    expect((await deliveriesOf(all)).map(({ sequence: at }) => at)).toEqual(events.map(({ sequence: at }) => at));
    expect((await deliveriesOf(some)).map(({ event }) => event)).toEqual(["contact_created"]);
  });

  it("writes the body of the contract, in the webhook's version", async () => {
    const account = customer.account;
    const { webhook: newest } = await makeWebhook({ account });
    const { webhook: older } = await makeWebhook({ account, apiVersion: "2024-03-15" });
    const event = vehicleCreated(account);
    await enqueueDeliveriesJob.perform(event);
    const bodies = await Promise.all([newest, older].map(async (webhook) => (await deliveriesOf(webhook))[0]));
    const common = { event: "vehicle_created", timestamp: event.occurredAt, triggered_by: "ada@example.com" };
    expect(JSON.parse(bodies[0]?.body ?? "")).toEqual({ id: bodies[0]?.id, ...common, payload: event.payload });
    expect(JSON.parse(bodies[1]?.body ?? "")).toEqual({
      id: bodies[1]?.id,
      ...common,
      payload: event.payload,
    });
    expect(Object.keys(JSON.parse(bodies[0]?.body ?? "") as object)).toEqual([
      "id",
      "event",
      "timestamp",
      "payload",
      "triggered_by",
    ]);
  });

  it("tells nothing that happened before the webhook was there", async () => {
    const { webhook } = await makeWebhook({ account: customer.account });
    const before = new Date(webhook.createdAt.getTime() - 1).toISOString();
    await enqueueDeliveriesJob.perform(vehicleCreated(customer.account, { occurredAt: before }));
    expect(await deliveriesOf(webhook)).toEqual([]);
  });

  it("tells a customer nothing of its API keys, which are its partner's matter, and a partner of its own", async () => {
    const { webhook } = await makeWebhook({ account: customer.account });
    const { webhook: hub } = await makeWebhook({ account: partner.account });
    const keyEvent = { name: "apiKey.revoked", payload: { id: 1, reason: "by_hand" } };
    await enqueueDeliveriesJob.perform(vehicleCreated(customer.account, keyEvent));
    await enqueueDeliveriesJob.perform(vehicleCreated(partner.account, keyEvent));
    expect(await deliveriesOf(webhook)).toEqual([]);
    expect(await deliveriesOf(hub)).toMatchObject([{ event: "api_key_revoked" }]);
  });

  it("sends a record that is gone as it was", async () => {
    const { webhook } = await makeWebhook({ account: customer.account, events: ["contact_deleted"] });
    const who = { user: customer.owner, account: customer.account };
    const contact = await createContact(await permitFor("contacts.write", who), { firstName: "Dana" });
    await deleteContact(await permitFor("contacts.delete", who), { id: contact.id });
    for (const event of await published(customer.account.id))
      if (event.name.startsWith("contact.")) await enqueueDeliveriesJob.perform(event);
    const [delivery, ...more] = await deliveriesOf(webhook);
    expect(more).toEqual([]);
    expect(JSON.parse(delivery?.body ?? "")).toMatchObject({
      event: "contact_deleted",
      payload: { id: contact.id, first_name: "Dana", account_id: customer.account.id },
      triggered_by: customer.owner.email,
    });
  });
});

describe("what happens to API keys", () => {
  const permit = <P extends Permission>(permission: P) =>
    permitFor(permission, { user: partner.owner, account: partner.account });
  const payloadOf = async (name: string, accountId = partner.account.id) => (await latest(accountId, name))?.payload;

  it("is told with the whole key as it is then, never with its token", async () => {
    const { key, token } = await makeApiKey({ account: partner.account, name: "Cabinet" });
    await editApiKey(await permit("apiKeys.manage"), {
      id: key.id,
      revision: 1,
      name: "Cabinet 2",
      apiVersion: "2024-06-30",
    });
    const whole = {
      id: key.id,
      name: "Cabinet 2",
      prefix: key.prefix,
      version: "2024-06-30",
      scopes: ["vehicles.read"],
      created_at: key.createdAt.toISOString(),
      account: { id: partner.account.id, name: partner.account.name, token: partner.account.token },
      all_accounts: true,
    };
    expect(await payloadOf("apiKey.edited")).toEqual({ ...whole, expires_at: key.expiresAt.toISOString() });
    const { expiresAt: expires_at } = await renewApiKey(await permit("apiKeys.manage"), { id: key.id, revision: 2 });
    expect(await payloadOf("apiKey.renewed")).toEqual({ ...whole, expires_at });
    const next = await regenerateApiKey(await permit("apiKeys.issue"), { id: key.id, revision: 3, overlap: "none" });
    const regenerated = { ...whole, expires_at, prefix: next.token.slice(0, 10) };
    expect(await payloadOf("apiKey.regenerated")).toEqual(regenerated);
    await revokeApiKey(await permit("apiKeys.manage"), { id: key.id });
    expect(await payloadOf("apiKey.revoked")).toEqual({ ...regenerated, reason: "by_hand" });
    const payloads = JSON.stringify(await published(partner.account.id));
    for (const secret of [token, next.token]) expect(payloads).not.toContain(secret.slice(10));
  });

  it("says that a key was reported leaked", async () => {
    const { key, token } = await makeApiKey({ account: partner.account });
    const authContext = { actor: { kind: "anyone" }, account: null, origin: { ip: null, requestId: null } } as const;
    await reportLeakedToken(authorize(authContext, "apiKeys.reportLeak"), { token });
    expect(await payloadOf("apiKey.revoked")).toMatchObject({
      id: key.id,
      reason: "reported_leaked",
      account: { id: partner.account.id },
    });
  });
});
