import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import type { Scope } from "@/lib/auth/scopes";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { listsAsArray } from "@/lib/public-api/versions/step-down";
import { serveForTests, type TestApi, type TestCall } from "@/testing/serve-api";
import { makeAccount, makeApiKey, makePerson, permitFor } from "@/prisma/factories/accounts-and-keys";
import { makeWebhook, makeWebhookEvent } from "@/prisma/factories/webhooks";
import { getVehicles } from "@/lib/vehicles/endpoints";
import { redeliver } from "./deliveries/service";
import * as endpoints from "./endpoints";
import { eventsFor } from "./policy";
import { openForWebhook } from "./secrets";

const SCOPES: readonly Scope[] = ["webhooks.read", "webhooks.write", "vehicles.read"];
let api: TestApi;
let partner: Account;
let customer: Account;
let token: string;

beforeAll(async () => {
  api = await serveForTests([...Object.values(endpoints), getVehicles]);
  partner = await makeAccount({ kind: "partner", plan: "premium" });
  customer = await makeAccount({ partnerId: partner.id });
  ({ token } = await makeApiKey({ account: partner, scopes: SCOPES }));
});
afterAll(() => api.close());

interface Ask extends Omit<TestCall, "body"> {
  readonly account?: Account;
  readonly body?: object;
}
const ask = (path: string, { account = customer, headers = {}, body, ...rest }: Ask = {}) =>
  api.call(`/api/v1${path}`, {
    token,
    headers: {
      "account-token": account.token,
      ...(body && { "content-type": "application/json" }),
      ...headers,
    },
    ...rest,
    ...(body && { body: JSON.stringify(body) }),
  });
const post = (body: object, rest: Ask = {}) => ask("/webhooks", { method: "POST", body, ...rest });
const patch = (id: unknown, body: object) => ask(`/webhooks/${String(id)}`, { method: "PATCH", body });
const HOOK = { url: "https://receiver.example.com/hook", description: "Cabinet", vehicle_created: true };

describe("POST /webhooks", () => {
  it("201: tells the secret this once, and is pinned to the version of the request", async () => {
    const { status, json, headers } = await post(
      {
        ...HOOK,
        vehicle_updated: "1",
        contact_created: false,
        issue_created: true,
        id: 7,
        account_id: 1,
        secret: "mine",
        shared_key: "mine",
      },
      { headers: { "x-api-version": "2024-03-15" } },
    );
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/webhooks/${String(json.id)}`);
    const subscribed = Object.fromEntries(
      eventsFor("customer").map((name) => [name, ["vehicle_created", "vehicle_updated"].includes(name)]),
    );
    expect(json).toMatchObject({
      account_id: customer.id,
      url: HOOK.url,
      description: "Cabinet",
      enabled: true,
      all_events: false,
      subscribed_events: subscribed,
      api_version: "2024-03-15",
      authorization: null,
      failed_attempts: 0,
      disabled_at: null,
      disabled_reason: null,
    });
    const row = await db().webhook.findUniqueOrThrow({ where: { id: Number(json.id) } });
    expect(openForWebhook(row.id, "secret", row.secret ?? new Uint8Array())).toBe(json.shared_key);
    const read = await ask(`/webhooks/${String(json.id)}`);
    expect(read.json.shared_key).toBeNull();
    expect((await ask("/webhooks")).text).not.toContain(String(json.shared_key));
    expect((await db().auditEntry.findMany({ where: { accountId: customer.id } })).at(-1)).toMatchObject({
      action: "webhook.created",
      actorKind: "apiKey",
    });
  });

  it("201: hides what is sent along, and an Idempotency-Key makes one", async () => {
    const once = { headers: { "idempotency-key": "once" } };
    const body = { ...HOOK, all_events: true, authorization: "Bearer hidden-canary", enabled: false };
    const [first, again] = [await post(body, once), await post(body, once)];
    expect(again.text).toBe(first.text);
    expect(first.text).not.toContain("canary");
    expect(first.json).toMatchObject({ authorization: "[hidden]", enabled: false, disabled_reason: "by_hand" });
    expect(first.json.subscribed_events).toHaveProperty("fuel_entry_deleted", true);
  });

  it.each([
    [{ ...HOOK, url: "" }, "url"],
    [{ ...HOOK, url: "https://10.0.0.1/" }, "url"],
    [{ ...HOOK, url: "http://receiver.example.com/" }, "url"],
    [{ ...HOOK, url: `https://receiver.example.com/${"a".repeat(1000)}` }, "url"],
    [{ url: HOOK.url }, "events"],
    [{ ...HOOK, api_key_created: true }, "api_key_created"],
    [{ ...HOOK, vehicle_created: "perhaps" }, "vehicle_created"],
    [{ ...HOOK, authorization: "a\nb" }, "authorization"],
    [{}, "url events"],
    [{ url: "https://10.0.0.1/", description: "x" }, "url events"],
    [{ description: "x".repeat(300), authorization: "a\nb" }, "url description authorization events"],
    [{ url: "", vehicle_created: "perhaps" }, "url vehicle_created"],
    [{ url: "https://10.0.0.1/", all_events: true, api_key_created: true }, "url api_key_created"],
  ])("422, naming all that is wrong: %j", async (body, fields) => {
    const { status, json } = await post(body);
    expect([status, Object.keys(json.errors ?? {})]).toEqual([422, fields.split(" ")]);
  });
});

describe("PATCH /webhooks/:id", () => {
  it("200: switches what is named and leaves the rest; what a read said changes nothing", async () => {
    const { webhook } = await makeWebhook({
      account: customer,
      events: ["vehicle_created"],
      authorization: "Bearer one",
    });
    const { status, json } = await patch(webhook.id, { contact_created: true, vehicle_created: false });
    expect(status).toBe(200);
    expect(json.subscribed_events).toMatchObject({ contact_created: true, vehicle_created: false });
    const again = await patch(webhook.id, json);
    expect(again.json).toEqual(json);
    expect(await db().webhook.findUniqueOrThrow({ where: { id: webhook.id } })).toMatchObject({
      revision: 2,
      authorization: webhook.authorization,
    });
  });

  it("200: disables and enables", async () => {
    const { webhook } = await makeWebhook({ account: customer });
    expect((await patch(webhook.id, { enabled: false })).json).toMatchObject({
      enabled: false,
      disabled_reason: "by_hand",
    });
    expect((await patch(webhook.id, { enabled: true })).json).toMatchObject({ enabled: true, disabled_at: null });
  });

  it("422: null is no switch, and nothing is disabled or dropped", async () => {
    const { webhook } = await makeWebhook({ account: customer });
    for (const name of ["enabled", "all_events", "vehicle_created"])
      expect(await patch(webhook.id, { [name]: null })).toMatchObject({
        status: 422,
        json: { errors: { [name]: ["must be true or false, not null"] } },
      });
    expect((await ask(`/webhooks/${webhook.id}`)).json).toMatchObject({ enabled: true, disabled_at: null });
  });

  it("422: without any event left, and to another address with the header unseen", async () => {
    const { webhook } = await makeWebhook({
      account: customer,
      events: ["vehicle_created"],
      authorization: "Bearer one",
    });
    expect((await patch(webhook.id, { vehicle_created: false })).json.errors).toHaveProperty("events");
    const moved = await patch(webhook.id, { url: "https://elsewhere.example.com/", vehicle_created: false });
    expect(Object.keys(moved.json.errors ?? {})).toEqual(["events", "authorization"]);
    for (const header of [{}, { authorization: "[hidden]" }]) {
      const { status, json } = await patch(webhook.id, { url: `${webhook.url}/other`, ...header });
      expect([status, Object.keys(json.errors ?? {})]).toEqual([422, ["authorization"]]);
    }
    const anew = await patch(webhook.id, { url: `${webhook.url}/other`, authorization: "Bearer one" });
    expect(anew.status).toBe(200);
  });
});

describe("DELETE /webhooks/:id", () => {
  it("204, then 404 for it; its deliveries stay to be read", async () => {
    const { webhook } = await makeWebhook({ account: customer });
    const delivery = await makeWebhookEvent({ webhook });
    expect((await ask(`/webhooks/${webhook.id}`, { method: "DELETE" })).status).toBe(204);
    for (const method of ["GET", "DELETE"]) expect((await ask(`/webhooks/${webhook.id}`, { method })).status).toBe(404);
    expect((await ask(`/webhook_events/${delivery.id}`)).status).toBe(200);
    expect((await ask("/webhooks")).text).not.toContain(webhook.url);
  });
});

describe("GET /webhook_events", () => {
  it.each(API_VERSIONS)(
    "200: tells what came of the last attempt, and the payload of a single one (%s)",
    async (version) => {
      const { webhook } = await makeWebhook({ account: customer });
      const body = JSON.stringify({
        id: 1,
        event: "vehicle_created",
        payload: { id: 7, name: "Van" },
        triggered_by: null,
      });
      const lastSentAt = new Date("2026-11-01T10:00:00Z");
      const sent = await makeWebhookEvent({ webhook, body, attempts: 2, lastSentAt, status: "failed" });
      const attempt = {
        webhookEventId: sent.id,
        durationMs: 3,
        requestHeaders: {},
        error: "The receiver answered 500.",
      };
      const { webhookAttempt } = bookkeepingDb();
      await webhookAttempt.create({ data: { ...attempt, sentAt: new Date("2026-10-31"), responseStatus: 404 } });
      await webhookAttempt.create({
        data: { ...attempt, sentAt: lastSentAt, responseStatus: 500, responseBody: "Oh no" },
      });
      const headers = { "x-api-version": version };
      const { json: one } = await ask(`/webhook_events/${sent.id}`, { headers });
      const { payload, ...facts } = one;
      expect(payload).toEqual({ id: 7, name: "Van" });
      expect(facts).toMatchObject({
        response_code: 500,
        last_response_status: 500,
        response_body: "Oh no",
        last_error: "The receiver answered 500.",
        retried_at: lastSentAt.toISOString(),
        updated_at: lastSentAt.toISOString(),
      });
      const { json } = await ask(`/webhook_events?per_page=1`, { headers });
      expect((Array.isArray(json) ? json : json.records)?.[0]).toEqual(facts);
    },
  );

  it("200: was updated when it was sent again, canceled or answered", async () => {
    const { webhook } = await makeWebhook({ account: customer });
    const { id } = await makeWebhookEvent({ webhook, status: "failed", createdAt: new Date("2026-11-01") });
    const changedAt = async () => Date.parse(String((await ask(`/webhook_events/${id}`)).json.updated_at));
    expect(await changedAt()).toBe(Date.parse("2026-11-01"));
    const user = await makePerson(customer, "owner");
    await redeliver(await permitFor("webhooks.manage", { account: customer, user }), { id });
    expect(await changedAt()).toBeGreaterThan(Date.parse("2026-11-02"));
  });
});

describe("a partner's key", () => {
  it("reaches the partner's own webhooks, and nothing else of it", async () => {
    const made = await post({ url: HOOK.url, api_key_revoked: true }, { account: partner });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ account_id: partner.id });
    expect(Object.keys(made.json.subscribed_events ?? {})).toEqual(eventsFor("partner"));
    expect((await ask("/webhooks", { account: partner })).json.records).toHaveLength(1);
    expect((await ask("/webhook_events", { account: partner })).status).toBe(200);
    const vehicles = await ask("/vehicles", { account: partner });
    expect([vehicles.status, vehicles.json.code]).toEqual([401, "account_not_accessible"]);
  });

  it("does not reach it when it is for a chosen few customers", async () => {
    const chosen = await makeApiKey({ account: partner, scopes: SCOPES, customers: [customer] });
    const answer = (account: Account) => ask("/webhooks", { token: chosen.token, account });
    expect((await answer(customer)).status).toBe(200);
    expect((await answer(partner)).json.code).toBe("account_not_accessible");
  });

  it("403: with the read scope alone, or for a member", async () => {
    const reader = await makeApiKey({ account: partner, scopes: ["webhooks.read"] });
    expect((await post(HOOK, { token: reader.token })).json.code).toBe("insufficient_scope");
    const member = await makePerson(customer, "member");
    const own = await makeApiKey({ account: customer, createdBy: member, scopes: SCOPES });
    expect((await ask("/webhooks", { token: own.token })).json.code).toBe("insufficient_scope");
  });
});

describe("lists", () => {
  it.each(API_VERSIONS)("have the shape of version %s", async (version) => {
    for (const resource of ["webhooks", "webhook_events"]) {
      const { json, headers } = await ask(`/${resource}?per_page=2`, { headers: { "x-api-version": version } });
      expect(Array.isArray(json)).toBe(listsAsArray(resource, version));
      expect("x-pagination-total-count" in headers).toBe(listsAsArray(resource, version));
    }
  });

  it("filter webhooks and deliveries by what the contract names", async () => {
    const account = await makeAccount({ partnerId: partner.id });
    const { webhook } = await makeWebhook({ account, description: "First_ cabinet", url: "https://a.example.com/x" });
    const { webhook: other } = await makeWebhook({ account, description: "Second", disabledAt: new Date() });
    const sent = { status: "delivered", event: "contact_created", lastSentAt: new Date("2026-11-01") } as const;
    const delivery = await makeWebhookEvent({ webhook, ...sent });
    await makeWebhookEvent({ webhook: other });
    const idsOf = async (query: string) =>
      ((await ask(`/${query}`, { account })).json.records ?? []).map(({ id }) => Number(id));
    expect(await idsOf("webhooks?filter[description][like]=first_")).toEqual([webhook.id]);
    expect(await idsOf("webhooks?filter[url][eq]=https://a.example.com/x")).toEqual([webhook.id]);
    expect(await idsOf("webhooks?filter[enabled][eq]=false")).toEqual([other.id]);
    expect(await idsOf("webhooks?q[enabled_true]=1")).toEqual([webhook.id]);
    expect(await idsOf("webhooks?sort[description]=asc")).toEqual([webhook.id, other.id]);
    for (const query of [
      "filter[status][eq]=delivered",
      "filter[event][eq]=contact_created",
      `filter[webhook_id][eq]=${webhook.id}`,
      "filter[last_sent_at][lt]=2026-11-02",
      "q[last_sent_at_present]=1",
    ])
      expect(await idsOf(`webhook_events?${query}`)).toEqual([delivery.id]);
    expect((await ask("/webhook_events?filter[payload][eq]=1", { account })).status).toBe(400);
  });

  it("show how a delivery went, and not what was in it", async () => {
    const { webhook } = await makeWebhook({ account: customer });
    const { id, messageId } = await makeWebhookEvent({ webhook, body: '{"payload":{"name":"canary-payload"}}' });
    const { json, text } = await ask("/webhook_events?per_page=1");
    const facts = { id, webhook_id: webhook.id, message_id: messageId, status: "pending", attempts: 0 };
    expect(json.records?.[0]).toMatchObject(facts);
    expect(text).not.toContain("canary-payload");
  });
});
