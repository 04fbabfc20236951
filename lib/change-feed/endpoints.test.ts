import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { appendEntries } from "@/lib/audit-log/mutate";
import { SCOPES, type Scope } from "@/lib/auth/scopes";
import * as contacts from "@/lib/contacts/endpoints";
import * as fuelEntries from "@/lib/fuel-entries/endpoints";
import { databaseState } from "@/lib/platform/database/state";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { waitingRoom } from "@/lib/public-api/waiting-room";
import * as vehicles from "@/lib/vehicles/endpoints";
import { makeAccount, makeApiKey, makePerson, permitFor } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { longTransaction } from "@/testing/long-transaction";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let owner: Awaited<ReturnType<typeof makePerson>>;
let token: string;
let keyId: number;

const keyWith = async (scopes: readonly Scope[]) => makeApiKey({ account, createdBy: owner, scopes: [...scopes] });

beforeAll(async () => {
  api = await serveForTests([
    ...Object.values(endpoints),
    ...Object.values(vehicles),
    ...Object.values(contacts),
    ...Object.values(fuelEntries),
  ]);
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  owner = await makePerson(account, "owner");
  const made = await keyWith(SCOPES);
  [token, keyId] = [made.token, made.key.id];
});

const call = (path: string, { body, as = token, of = account }: { body?: unknown; as?: string; of?: Account } = {}) =>
  api.call(`/api/v1${path}`, jsonCall({ token: as, account: of, method: body ? "POST" : "GET", body }));
const placeNow = async () => String((await call("/contacts")).headers["x-change-sequence"]);
const addContact = async (name = "Ada") => Number((await call("/contacts", { body: { first_name: name } })).json.id);
const changes = async (after: string, query = "", as = token) => {
  const { status, json } = await call(`/changes?after=${after}${query}`, { as });
  expect(status).toBe(200);
  const fed = (json.records as Json).map(({ event, resource, id }) => [String(event), String(resource), Number(id)]);
  return { fed, records: json.records as Json, next: String(json.next_after) };
};

describe("GET /changes", () => {
  it("200: what changed since, in the order of the commits, and where to go on", async () => {
    const place = await placeNow();
    const vehicle = await makeVehicle({ account });
    const contact = await addContact();
    const fuel = await call("/fuel_entries", {
      body: { vehicle_id: vehicle.id, date: "2026-03-01", liters: 10, meter_entry_attributes: { value: 5 } },
    });
    const { fed, records, next } = await changes(place);
    const reading = Number((fuel.json.meter_entry as Json).id);
    expect(fed).toEqual([
      ["contact_created", "contacts", contact],
      ["fuel_entry_created", "fuel_entries", Number(fuel.json.id)],
      ["meter_entry_created", "meter_entries", reading],
      ["vehicle_updated", "vehicles", vehicle.id],
    ]);
    expect(Object.keys(records[0] ?? {})).toEqual(["sequence", "event", "resource", "id", "at"]);
    expect(next).toBe(await placeNow());
    expect(await changes(next)).toMatchObject({ fed: [], next });
  });

  it("200: in parts as large as asked for, each beginning where the one before ended", async () => {
    const place = await placeNow();
    const ids = [await addContact("A"), await addContact("B"), await addContact("C")];
    const seen: number[] = [];
    let after = place;
    for (let part = 0; part < 3; part += 1) {
      const { fed, next } = await changes(after, "&limit=1");
      seen.push(...fed.map(([, , id]) => Number(id)));
      after = next;
    }
    expect(seen).toEqual(ids);
    expect(await changes(after, "&limit=0")).toMatchObject({ fed: [], next: after });
  });

  it("200: leaves out what the key may not read, what is of another resource, and what changes no record; the place goes on", async () => {
    const place = await placeNow();
    const contact = await addContact();
    const permit = await permitFor("auditLog.read", { user: owner, account });
    await longTransaction((tx) =>
      appendEntries(tx, permit, {
        accountId: account.id,
        events: [{ name: "contact.exported", record: { type: "contact", id: null, name: "contacts" } }],
        now: new Date(),
      }),
    );
    const { token: narrow } = await keyWith(["vehicles.read"]);
    const end = await placeNow();
    expect((await changes(place)).fed).toEqual([["contact_created", "contacts", contact]]);
    expect(await changes(place, "", narrow)).toMatchObject({ fed: [], next: end });
    expect(await changes(place, "&filter[resource][eq]=vehicles")).toMatchObject({ fed: [], next: end });
    expect((await changes(place, "&filter[resource][eq]=contacts")).fed).toHaveLength(1);
  });

  it.each([
    ["", "after"],
    ["?after=", "after"],
    ["?after=17", "after"],
    ["?after=0123456789ab.1&limit=x", "limit"],
    ["?after=0123456789ab.1&wait=1.5", "wait"],
    ["?after=0123456789ab.1&filter[resource][eq]=wagons", "filter[resource][eq]"],
    ["?after=0123456789ab.1&filter[id][eq]=1", "filter[id][eq]"],
    ["?after=0123456789ab.1&sort[id]=asc", "sort[id]"],
    ["?after=0123456789ab.1&resource=vehicles", "resource"],
  ])("400: /changes%s", async (query, name) => {
    const { status, json } = await call(`/changes${query}`);
    expect([status, Object.keys(json.errors ?? {})]).toEqual([400, [name]]);
  });

  it("410: another epoch, another account's place, and one beyond the end", async () => {
    const [epoch, sequence] = (await placeNow()).split(".");
    const other = await makeAccount();
    const key = await makeApiKey({ account: other, createdBy: await makePerson(other, "owner"), scopes: SCOPES });
    const theirs = String((await call("/contacts", { as: key.token, of: other })).headers["x-change-sequence"]);
    for (const after of [
      `0123456789ab.${sequence}`,
      theirs,
      `${epoch}.${Number(sequence) + 1}`,
      `${epoch}.99999999999`,
    ]) {
      const { status, json } = await call(`/changes?after=${after}`);
      expect([status, json.code]).toEqual([410, "walk_anew"]);
    }
  });

  it("410 only where the next entry is older than 30 days: an account without a change for 40 is followed on", async () => {
    const permit = await permitFor("auditLog.read", { user: owner, account });
    const record = { type: "contact", id: 7, name: "Ada" } as const;
    const write = (daysAgo: number) =>
      longTransaction((tx) =>
        appendEntries(tx, permit, {
          accountId: account.id,
          events: [{ name: "contact.updated", record }],
          now: new Date(Date.now() - daysAgo * 86_400_000),
        }),
      );
    await write(50);
    const place = await placeNow();
    expect((await changes(place)).fed).toEqual([]);
    await write(40);
    expect((await call(`/changes?after=${place}`)).status).toBe(410);
    const later = await placeNow();
    expect((await changes(later)).fed).toEqual([]);
    await write(29);
    expect((await changes(later)).fed).toHaveLength(1);
  });

  it("401 without a key, and with any key else", async () => {
    expect((await api.call("/api/v1/changes")).status).toBe(401);
    const { token: narrow } = await keyWith(["contacts.read"]);
    expect((await call(`/changes?after=${await placeNow()}`, { as: narrow })).status).toBe(200);
  });
});

/** How a process hears of changes: the database calls, or it looks once a second. */
describe.each(["called", "looking"] as const)("a waiting request, %s", (way) => {
  beforeAll(async () => {
    if (way === "looking") return databaseState().stop();
    databaseState().start();
    waitingRoom().open();
    await vi.waitFor(() => expect(databaseState().isListening("account_changes")).toBe(true), { timeout: 10_000 });
  });
  afterAll(() => databaseState().stop());

  const begin = async (place: string, as = token) => {
    const answer = call(`/changes?after=${place}&wait=30`, { as });
    await vi.waitFor(() => expect(waitingRoom().count()).toBe(1), { timeout: 20_000 });
    return { answer };
  };

  it("is answered as soon as something changes, not by what it may not read", async () => {
    const { token: narrow } = await keyWith(["vehicles.read"]);
    const vehicle = await makeVehicle({ account });
    const { answer } = await begin(await placeNow(), narrow);
    await addContact();
    const reading = { meter_entry_attributes: { value: 5 } };
    await call("/fuel_entries", { body: { vehicle_id: vehicle.id, date: "2026-03-01", liters: 10, ...reading } });
    const { status, json } = await answer;
    expect([status, (json.records as Json).map(({ event, id }) => [event, id])]).toEqual([
      200,
      [["vehicle_updated", vehicle.id]],
    ]);
    expect(waitingRoom().count()).toBe(0);
  });

  it("asks for its rights again when it wakes", async () => {
    const { answer } = await begin(await placeNow());
    await bookkeepingDb().apiKey.update({
      where: { id: keyId },
      data: { revokedAt: new Date(), revokedReason: "by_hand" },
    });
    const { token: another } = await keyWith(SCOPES);
    await call("/contacts", { body: { first_name: "Ada" }, as: another });
    const { status, json } = await answer;
    expect([status, json.code]).toEqual([401, "key_revoked"]);
  });

  it("is answered with nothing new when the process stops, and nobody waits then", async () => {
    const place = await placeNow();
    const { answer } = await begin(place);
    waitingRoom().close();
    expect((await answer).json).toEqual({ records: [], next_after: place });
    expect((await call(`/changes?after=${place}&wait=30`)).json).toEqual({ records: [], next_after: place });
    waitingRoom().open();
  });
});

it("at most 10 of a key wait: an eleventh is answered at once, and another key's waits", async () => {
  const place = await placeNow();
  const { token: another } = await keyWith(SCOPES);
  const waiting = Array.from({ length: 10 }, () => call(`/changes?after=${place}&wait=30`));
  await vi.waitFor(() => expect(waitingRoom().waitingOf(keyId)).toBe(10), { timeout: 20_000 });
  expect((await call(`/changes?after=${place}&wait=30`)).json).toEqual({ records: [], next_after: place });
  const further = call(`/changes?after=${place}&wait=30`, { as: another });
  await vi.waitFor(() => expect(waitingRoom().count()).toBe(11), { timeout: 20_000 });
  waitingRoom().close();
  waitingRoom().open();
  expect((await Promise.all([...waiting, further])).map(({ status }) => status)).toEqual(Array(11).fill(200));
});

it("whoever goes away leaves his place", async () => {
  const controller = new AbortController();
  const headers = { authorization: `Token ${token}`, "account-token": account.token };
  const asked = fetch(`http://127.0.0.1:${api.port}/api/v1/changes?after=${await placeNow()}&wait=30`, {
    headers,
    signal: controller.signal,
  });
  asked.catch(() => undefined);
  await vi.waitFor(() => expect(waitingRoom().waitingOf(keyId)).toBe(1), { timeout: 20_000 });
  controller.abort();
  await vi.waitFor(() => expect(waitingRoom().count()).toBe(0), { timeout: 20_000 });
});
