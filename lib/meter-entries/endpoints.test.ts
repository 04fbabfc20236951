import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account, Vehicle } from "@/generated/prisma/client";
import { sayEvent } from "@/lib/audit-log/events";
import { SCOPES } from "@/lib/auth/scopes";
import * as fuelEndpoints from "@/lib/fuel-entries/endpoints";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;
let vehicle: Vehicle;

beforeAll(async () => {
  api = await serveForTests([...Object.values(endpoints), ...Object.values(fuelEndpoints)]);
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES }));
  vehicle = await makeVehicle({ account, name: "Truck 1" });
});

const call = (path: string, method = "GET", body?: unknown, headers: Record<string, string> = {}) =>
  api.call(`/api/v1/meter_entries${path}`, jsonCall({ token, account, method, body, headers }));
const post = (body: object) => call("", "POST", { vehicle_id: vehicle.id, ...body });
const events = async () =>
  (await bookkeepingDb().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } })).map(
    ({ action }) => action,
  );
const meterOf = async (id = vehicle.id) => {
  const found = await bookkeepingDb().vehicle.findUniqueOrThrow({ where: { id } });
  return [
    found.primaryMeterValue.toFixed(1),
    found.primaryMeterDate?.toISOString().slice(0, 10) ?? null,
    found.primaryMeterUsagePerDay?.toFixed(2) ?? null,
  ];
};

describe("POST /meter_entries", () => {
  it("201: keeps the reading and moves the vehicle's meter", async () => {
    const { status, json, headers } = await post({ value: 1234.56, date: "2026-03-01T23:30:00-05:00", unit: "mi" });
    expect([status, headers.location]).toEqual([201, `/api/v1/meter_entries/${String(json.id)}`]);
    expect(json).toMatchObject({
      account_id: account.id,
      vehicle_id: vehicle.id,
      value: "1234.6",
      date: "2026-03-01",
      void: false,
      meter_type: null,
      category: "manual",
      meterable_id: null,
      auto_voided_at: null,
      is_sample: false,
      vehicle: { id: vehicle.id, name: "Truck 1" },
    });
    expect(await meterOf()).toEqual(["1234.6", "2026-03-01", null]);
    expect((await call(`/${String(json.id)}`)).json).toEqual(json);
    await post({ value: "1334.6", date: "2026-03-11" });
    expect(await meterOf()).toEqual(["1334.6", "2026-03-11", "10.00"]);
    expect(await events()).toEqual([
      "meterEntry.created",
      "vehicle.meterMoved",
      "meterEntry.created",
      "vehicle.meterMoved",
    ]);
    expect(
      (await bookkeepingDb().vehicle.findUniqueOrThrow({ where: { id: vehicle.id } })).updatedAt.getTime(),
    ).toBeGreaterThan(vehicle.updatedAt.getTime());
  });

  it("201: an older reading and a void one leave the meter, a secondary one moves the other", async () => {
    await post({ value: 500, date: "2026-03-10" });
    await post({ value: 300, date: "2026-03-01" });
    await post({ value: 9000, date: "2026-03-20", void: true });
    const { json } = await post({ value: 0, date: "2026-03-21", meter_type: "secondary" });
    expect(json).toMatchObject({ value: "0.0", meter_type: "secondary" });
    expect((await meterOf()).slice(0, 2)).toEqual(["500.0", "2026-03-10"]);
    const found = await bookkeepingDb().vehicle.findUniqueOrThrow({ where: { id: vehicle.id } });
    expect(found.secondaryMeterDate?.toISOString().slice(0, 10)).toBe("2026-03-21");
  });

  it("keeps the meter right when many write at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        post({ value: 100 + index, date: `2026-04-${String(index + 1).padStart(2, "0")}` }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await meterOf()).toEqual(["103.0", "2026-04-04", "1.00"]);
  });

  it.each([
    [{}, ["date", "value"]],
    [{ value: "12 km", date: "March" }, ["date", "value"]],
    [{ value: -1, date: "2026-01-01" }, ["value"]],
    [{ value: 99_999_999_999, date: "2026-01-01" }, ["value"]],
    [{ value: 1, date: "2026-01-01", void: "perhaps", meter_type: "Odometer" }, ["meter_type", "void"]],
    [{ value: 1, date: "2026-01-01", vehicle_id: 2_147_483_647 }, ["vehicle_id"]],
    [{ value: 1, date: "2026-01-01", vehicle_id: 99_999_999_999 }, ["vehicle_id"]],
  ])("422: %j", async (body, fields) => {
    const { status, json } = await post(body);
    expect(status).toBe(422);
    expect(Object.keys(json.errors ?? {}).sort()).toEqual(fields);
  });

  it("422: a reading that runs back names its neighbours, and is taken as void", async () => {
    const ids: unknown[] = [];
    for (const [value, date] of [
      [180_000, "2026-01-01"],
      [181_000, "2026-02-01"],
      [182_000, "2026-03-01"],
    ])
      ids.push((await post({ value, date })).json.id);
    const [january, february, march] = ids.map(String);
    const complaintOf = async (answer: ReturnType<typeof call>) => {
      const { status, json } = await answer;
      return [status, json.errors];
    };
    const between = `must be between 180000.0 (entry ${january} of 2026-01-01) and 182000.0 (entry ${march} of 2026-03-01) or marked as void`;
    for (const value of [182_500, 179_999])
      expect(await complaintOf(call(`/${february}`, "PATCH", { value }))).toEqual([422, { value: [between] }]);
    expect(await complaintOf(post({ value: 181_999, date: "2026-03-02" }))).toEqual([
      422,
      { value: [`must be at least 182000.0 (entry ${march} of 2026-03-01) or marked as void`] },
    ]);
    expect(await complaintOf(call(`/${january}`, "PATCH", { value: 181_000.1 }))).toEqual([
      422,
      { value: [`must be at most 181000.0 (entry ${february} of 2026-02-01) or marked as void`] },
    ]);
    expect((await meterOf())[0]).toBe("182000.0");
    expect(await events()).toEqual(
      Array.from({ length: 3 }, () => ["meterEntry.created", "vehicle.meterMoved"]).flat(),
    );
    expect((await post({ value: 5, date: "2026-03-02", void: true })).status).toBe(201);
    expect((await post({ value: 5, date: "2026-03-02", meter_type: "secondary" })).status).toBe(201);
    expect((await post({ value: 182_000, date: "2026-03-02" })).status).toBe(201);
    expect((await call(`/${february}`, "PATCH", { value: 181_500 })).status).toBe(200);
  });

  it("422: a reading out of order stays void, and may be mended; those of one day bind each other to nothing", async () => {
    await post({ value: 100, date: "2026-01-01" });
    const { id } = (await post({ value: 1000, date: "2026-01-05", void: true })).json;
    await post({ value: 200, date: "2026-01-10" });
    const patch = async (body: object) => (await call(`/${String(id)}`, "PATCH", body)).status;
    expect(await patch({ void: false })).toBe(422);
    expect(await patch({ value: 150, void: false })).toBe(200);
    expect(await patch({ date: "2025-12-01" })).toBe(422);
    expect((await post({ value: 120, date: "2026-01-05" })).status).toBe(201);
  });

  it("422: a reading that was there before the rule is left alone until it is touched", async () => {
    const facts = { account, vehicleId: vehicle.id, value: "500.0", date: new Date("2026-01-01") };
    const old = await makeFuelEntry({
      account,
      vehicleId: vehicle.id,
      meterValue: "90.0",
      date: new Date("2026-02-01"),
    });
    await makeMeterEntry(facts);
    const patch = (body: object) =>
      api.call(`/api/v1/fuel_entries/${old.id}`, {
        token,
        method: "PATCH",
        headers: { "account-token": account.token, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect((await patch({ us_gallons: 3, meter_entry_attributes: { value: "90.0" } })).status).toBe(200);
    expect((await patch({ meter_entry_attributes: { value: "91.0" } })).json.errors).toEqual({
      "meter_entry_attributes.value": [expect.stringContaining("must be at least 500.0")],
    });
    expect((await patch({ meter_entry_attributes: { value: "91.0", void: true } })).status).toBe(200);
  });

  it("422: another account's vehicle is like none, and its meter stays", async () => {
    const foreign = await makeVehicle({ account: await makeAccount() });
    const { status, json } = await post({ vehicle_id: foreign.id, value: 5, date: "2026-01-01" });
    expect([status, json]).toEqual([422, { errors: { vehicle_id: ["must exist"] } }]);
    expect(await meterOf(foreign.id)).toEqual(["0.0", null, null]);
  });
});

describe("PATCH and DELETE /meter_entries/:id", () => {
  it("200: a change moves the meter, also when it is voided or goes to another vehicle", async () => {
    const first = await makeMeterEntry({
      account,
      vehicleId: vehicle.id,
      value: "100.0",
      date: new Date("2026-01-01"),
    });
    const { id } = await makeMeterEntry({
      account,
      vehicleId: vehicle.id,
      value: "200.0",
      date: new Date("2026-01-11"),
    });
    expect((await call(`/${id}`, "PATCH", { value: 250 })).json).toMatchObject({ value: "250.0", date: "2026-01-11" });
    expect(await meterOf()).toEqual(["250.0", "2026-01-11", "15.00"]);
    await call(`/${id}`, "PATCH", { void: true });
    expect(await meterOf()).toEqual(["100.0", "2026-01-01", null]);
    const other = await makeVehicle({ account });
    await call(`/${first.id}`, "PATCH", { vehicle_id: other.id });
    expect([await meterOf(), await meterOf(other.id)]).toEqual([
      ["0.0", null, null],
      ["100.0", "2026-01-01", null],
    ]);
    // Each vehicle that a reading moves has an entry: the last reading left one and came to another.
    expect(await events()).toEqual([
      "meterEntry.updated",
      "vehicle.meterMoved",
      "meterEntry.updated",
      "vehicle.meterMoved",
      "meterEntry.updated",
      "vehicle.meterMoved",
      "vehicle.meterMoved",
    ]);
  });

  it("200: leaves no event when nothing differs", async () => {
    const entry = await makeMeterEntry({
      account,
      vehicleId: vehicle.id,
      value: "100.0",
      date: new Date("2026-01-01"),
    });
    const { json } = await call(`/${entry.id}`, "PATCH", {
      value: 100,
      date: "2026-01-01",
      void: false,
      meter_type: null,
    });
    expect([json.updated_at, await events()]).toEqual([entry.updatedAt.toISOString(), []]);
  });

  it("422: a reading of a fuel entry stays with its vehicle", async () => {
    const fuel = await makeFuelEntry({ account, vehicleId: vehicle.id, meterValue: "10.0" });
    const other = await makeVehicle({ account });
    expect((await call(`/${fuel.meterEntryId ?? 0}`)).json).toMatchObject({
      meterable_id: fuel.id,
      meterable_type: "FuelEntry",
      category: null,
    });
    expect((await call(`/${fuel.meterEntryId ?? 0}`, "PATCH", { vehicle_id: other.id })).status).toBe(422);
  });

  it("204: takes the meter back", async () => {
    await makeMeterEntry({ account, vehicleId: vehicle.id, value: "100.0", date: new Date("2026-01-01") });
    const { id } = await makeMeterEntry({
      account,
      vehicleId: vehicle.id,
      value: "200.0",
      date: new Date("2026-01-11"),
    });
    expect((await call(`/${id}`, "DELETE")).status).toBe(204);
    expect(await meterOf()).toEqual(["100.0", "2026-01-01", null]);
    expect((await call(`/${id}`, "DELETE")).status).toBe(404);
    expect(await events()).toEqual(["meterEntry.deleted", "vehicle.meterMoved"]);
  });

  it("204: the fuel entry that it was taken for stays without it, and an entry says so", async () => {
    const fuel = await makeFuelEntry({ account, vehicleId: vehicle.id, meterValue: "10.0" });
    expect((await call(`/${fuel.meterEntryId ?? 0}`, "DELETE")).status).toBe(204);
    const entry = await bookkeepingDb().fuelEntry.findUniqueOrThrow({ where: { id: fuel.id } });
    expect(entry.meterEntryId).toBeNull();
    expect(entry.updatedAt.getTime()).toBeGreaterThan(fuel.updatedAt.getTime());
    expect(await events()).toEqual(["meterEntry.deleted", "fuelEntry.updated", "vehicle.meterMoved"]);
  });

  it("a reading that moves no meter leaves the vehicle as it is, and no entry of it", async () => {
    await makeMeterEntry({ account, vehicleId: vehicle.id, value: "500.0", date: new Date("2026-01-11") });
    const { updatedAt } = await bookkeepingDb().vehicle.findUniqueOrThrow({ where: { id: vehicle.id } });
    expect((await post({ value: 9000, date: "2026-01-20", void: true })).status).toBe(201);
    const after = await bookkeepingDb().vehicle.findUniqueOrThrow({ where: { id: vehicle.id } });
    expect([after.updatedAt, await events()]).toEqual([updatedAt, ["meterEntry.created"]]);
  });

  it("the vehicle's entry says where its meter stood and stands", async () => {
    await post({ value: 500, date: "2026-01-11" });
    const [, moved] = await bookkeepingDb().auditEntry.findMany({
      where: { accountId: account.id },
      orderBy: { sequence: "asc" },
    });
    expect(moved).toMatchObject({
      action: "vehicle.meterMoved",
      recordType: "vehicle",
      recordId: vehicle.id,
      recordName: "Truck 1",
      before: { primaryMeterValue: "0.0", primaryMeterDate: null },
      after: { primaryMeterValue: "500.0", primaryMeterDate: "2026-01-11" },
    });
    expect(sayEvent("vehicle.meterMoved")).toBe("moved the meter of vehicle");
  });
});

describe("GET /meter_entries", () => {
  it("200: filters and sorts", async () => {
    const first = await makeMeterEntry({ account, vehicleId: vehicle.id, date: new Date("2026-02-01") });
    const second = await makeMeterEntry({ account, vehicleId: vehicle.id, date: new Date("2026-01-01") });
    const other = await makeMeterEntry({ account, date: new Date("2026-01-15") });
    await makeMeterEntry({ account: await makeAccount() });
    const idsIn = async (query: string) => ((await call(query)).json.records as Json).map(({ id }) => Number(id));
    expect(await idsIn("")).toEqual([other.id, second.id, first.id]);
    expect(await idsIn(`?filter[vehicle_id][eq]=${vehicle.id}`)).toEqual([second.id, first.id]);
    expect(await idsIn("?sort[date]=asc")).toEqual([second.id, other.id, first.id]);
    expect(await idsIn("?filter[date][gte]=2026-01-15&filter[date][lt]=2026-02-01")).toEqual([other.id]);
    expect(await idsIn("?filter[date][eq]=2026-02-01")).toEqual([first.id]);
    const page = await call("?per_page=2&sort[date]=desc");
    expect(await idsIn(`?start_cursor=${String(page.json.next_cursor)}`)).toEqual([second.id]);
  });

  it.each(API_VERSIONS)("200: as version %s lists", async (version) => {
    const { json } = await call("", "GET", undefined, { "x-api-version": version });
    expect(Array.isArray(json)).toBe(version === "2023-03-01");
  });

  it.each([
    ["GET", "meter_entries.read"],
    ["POST", "meter_entries.write"],
  ])("401 without a key, 403 without the scope: %s", async (method, scope) => {
    expect((await api.call("/api/v1/meter_entries", { method })).status).toBe(401);
    ({ token } = await makeApiKey({
      account,
      createdBy: await makePerson(account, "owner"),
      scopes: ["vehicles.read"],
    }));
    const { status, json } = await call("", method);
    expect([status, json.detail]).toEqual([403, `This needs a key with the scope ${scope}.`]);
  });
});

describe.each(["meter_entries", "fuel_entries"])("GET /vehicles/:id/%s", (kind) => {
  const ask = (ref: string | number, query = "", version = "2025-05-05") =>
    api.call(`/api/v1/vehicles/${ref}/${kind}${query}`, {
      token,
      headers: { "account-token": account.token, "x-api-version": version },
    });
  const made = async (of: Account, vehicleId?: number) =>
    kind === "meter_entries"
      ? makeMeterEntry({ account: of, ...(vehicleId && { vehicleId }) })
      : makeFuelEntry({ account: of, ...(vehicleId && { vehicleId }) });

  it("200: the vehicle's own alone, as each version lists, by its id or VIN", async () => {
    const [first, second] = [await made(account, vehicle.id), await made(account, vehicle.id)];
    await made(account);
    await bookkeepingDb().vehicle.update({ where: { id: vehicle.id }, data: { vin: "1FTFW1ET5DFC10312" } });
    const { json } = await ask("vin:1FTFW1ET5DFC10312", "?per_page=1");
    expect(json.records?.map(({ id }) => id)).toEqual([second.id]);
    const cursor = String(json.next_cursor);
    const next = await ask(vehicle.id, `?start_cursor=${cursor}`);
    expect([next.json.records?.map(({ id }) => id), next.json.next_cursor]).toEqual([[first.id], null]);
    const legacy = await ask(vehicle.id, "?q[s]=date+asc", "2023-03-01");
    expect([legacy.json.map(({ vehicle_id }) => vehicle_id), legacy.headers["x-pagination-total-count"]]).toEqual([
      [vehicle.id, vehicle.id],
      "2",
    ]);
    expect((await call(`?start_cursor=${cursor}`)).status).toBe(400);
  });

  it("404: another account's vehicle, one that is none, and no id", async () => {
    const foreign = await makeVehicle({ account: await makeAccount() });
    for (const ref of [foreign.id, 2_147_483_647, "x"]) expect((await ask(ref)).status).toBe(404);
  });
});
