import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account, Vehicle } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle } from "@/prisma/factories/vehicles";
import { makeFuelEntry } from "@/prisma/factories/contacts-and-entries";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { enqueueDeliveriesJob } from "@/lib/webhooks/jobs";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;
let vehicle: Vehicle;

beforeAll(async () => {
  api = await serveForTests(Object.values(endpoints));
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES }));
  vehicle = await makeVehicle({ account, name: "Truck 1" });
});

const call = (path: string, method = "GET", body?: unknown, headers: Record<string, string> = {}) =>
  api.call(`/api/v1/fuel_entries${path}`, jsonCall({ token, account, method, body, headers }));
const post = (body: object) => call("", "POST", { vehicle_id: vehicle.id, date: "2026-03-01T12:00:00Z", ...body });
const events = async () =>
  (await bookkeepingDb().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } })).map(
    ({ action }) => action,
  );
const meterOf = async (id = vehicle.id) => {
  const found = await bookkeepingDb().vehicle.findUniqueOrThrow({ where: { id } });
  return [found.primaryMeterValue.toFixed(1), found.primaryMeterDate?.toISOString().slice(0, 10) ?? null];
};

describe("POST /fuel_entries", () => {
  it("201: keeps the fuelling with its reading, moves the meter and works out the total", async () => {
    const body = {
      us_gallons: "10.5",
      price_per_volume_unit: 3.459,
      meter_entry_attributes: { value: 1234.5 },
      partial: true,
      reference: 77,
      vendor_name: "Corner Gas",
    };
    const { status, json, headers } = await post(body);
    expect([status, headers.location]).toEqual([201, `/api/v1/fuel_entries/${String(json.id)}`]);
    expect(json).toMatchObject({
      vehicle_id: vehicle.id,
      vehicle_name: "Truck 1",
      date: "2026-03-01T12:00:00.000Z",
      us_gallons: "10.5",
      uk_gallons: "8.7431",
      liters: "39.7468",
      price_per_volume_unit: "3.459",
      total_amount: "36.32",
      total_amount_cents: 3632,
      partial: true,
      personal: false,
      reference: "77",
      vendor_name: "Corner Gas",
      meter_entry: {
        value: "1234.5",
        date: "2026-03-01",
        void: false,
        meterable_id: json.id,
        meterable_type: "FuelEntry",
        vehicle_id: vehicle.id,
      },
      vehicle: { id: vehicle.id },
    });
    expect(await meterOf()).toEqual(["1234.5", "2026-03-01"]);
    expect((await call(`/${String(json.id)}`)).json).toEqual(json);
    expect(await events()).toEqual(["fuelEntry.created", "meterEntry.created", "vehicle.meterMoved"]);
  });

  it("201: takes the volume in the vehicle's unit, else in the one that is given", async () => {
    const metric = await makeVehicle({ account, fuelVolumeUnits: "liters" });
    expect((await post({ vehicle_id: metric.id, liters: 40, us_gallons: 1 })).json).toMatchObject({
      liters: "40.0",
      total_amount: null,
      meter_entry: { id: null, value: null, void: false },
    });
    expect((await post({ uk_gallons: 2 })).json).toMatchObject({ uk_gallons: "2.0", liters: "9.0922" });
  });

  it.each([
    [{}, ["us_gallons"]],
    [{ us_gallons: "lots", date: null }, ["date", "us_gallons"]],
    [{ us_gallons: 999_999, price_per_volume_unit: 999_999 }, ["total_amount"]],
    [{ us_gallons: 1, meter_entry_attributes: { value: "x" } }, ["meter_entry_attributes.value"]],
    [{ us_gallons: 1, vehicle_id: 2_147_483_647 }, ["vehicle_id"]],
    [{ us_gallons: 1, custom_fields: { nope: 1 } }, ["custom_fields.nope"]],
  ])("422: %j", async (body, fields) => {
    const { status, json } = await post(body);
    expect(status).toBe(422);
    expect(Object.keys(json.errors ?? {}).sort()).toEqual(fields);
    expect(await events()).toEqual([]);
  });
});

describe("a fuel entry with a reading", () => {
  it("is told to webhooks as one thing: neither its reading nor the vehicle's meter sends one", async () => {
    await makeWebhook({ account });
    const { json } = await post({ us_gallons: 10, meter_entry_attributes: { value: 5 } });
    await call(`/${String(json.id)}`, "PATCH", { meter_entry_attributes: { value: 6 } });
    await call(`/${String(json.id)}`, "DELETE");
    const queued = await bookkeepingDb().$queryRaw<{ payload: unknown }[]>`
      SELECT json_build_object('events', (SELECT json_agg(e) FROM json_array_elements(payload->'entries') e)) AS payload
      FROM graphile_worker._private_jobs WHERE payload->'entries'->0->>'accountId' = ${String(account.id)} ORDER BY id`;
    for (const { payload } of queued) await enqueueDeliveriesJob.perform(payload);
    const deliveries = await bookkeepingDb().webhookEvent.findMany({
      where: { accountId: account.id },
      orderBy: { sequence: "asc" },
    });
    expect((await events()).filter((name) => !name.startsWith("fuelEntry"))).toHaveLength(6);
    expect(deliveries.map(({ event }) => event)).toEqual([
      "fuel_entry_created",
      "fuel_entry_updated",
      "fuel_entry_deleted",
    ]);
  });
});

describe("PATCH /fuel_entries/:id", () => {
  it("200: reading, volume and vehicle change, and the meters with them", async () => {
    await makeCustomField({ account, recordType: "fuel_entry", label: "Card Number" });
    const { id } = await makeFuelEntry({
      account,
      vehicleId: vehicle.id,
      meterValue: "500.0",
      date: new Date("2026-03-01T10:00:00Z"),
    });
    const patch = async (body: object) => (await call(`/${id}`, "PATCH", body)).json;
    expect(await patch({ us_gallons: 20, custom_fields: { card_number: "9" } })).toMatchObject({
      us_gallons: "20.0",
      total_amount: "70.00",
      custom_fields: { card_number: "9" },
    });
    expect(await patch({ meter_entry_attributes: { value: 600 }, date: "2026-03-02" })).toMatchObject({
      meter_entry: { value: "600.0", date: "2026-03-02" },
    });
    expect(await meterOf()).toEqual(["600.0", "2026-03-02"]);
    const other = await makeVehicle({ account });
    expect(await patch({ vehicle_id: other.id })).toMatchObject({
      vehicle_id: other.id,
      meter_entry: { vehicle_id: other.id, value: "600.0" },
    });
    expect([await meterOf(), await meterOf(other.id)]).toEqual([
      ["0.0", null],
      ["600.0", "2026-03-02"],
    ]);
    expect(await patch({ meter_entry_attributes: { void: true } })).toMatchObject({ meter_entry: { void: true } });
    expect(await meterOf(other.id)).toEqual(["0.0", null]);
    const withReading = ["fuelEntry.updated", "meterEntry.updated", "vehicle.meterMoved"];
    expect(await events()).toEqual([
      "fuelEntry.updated",
      ...withReading,
      ...withReading,
      "vehicle.meterMoved",
      ...withReading,
    ]);
    await patch({ us_gallons: 20, meter_entry_attributes: { value: "600" } });
    expect(await events()).toHaveLength(11);
    expect(
      (await call(`/${id}`, "PATCH", { vehicle_id: (await makeVehicle({ account: await makeAccount() })).id })).json,
    ).toEqual({ errors: { vehicle_id: ["must exist"] } });
  });
});

describe("DELETE /fuel_entries/:id", () => {
  it("204: takes the reading with it, and the meter back", async () => {
    const entry = await makeFuelEntry({ account, vehicleId: vehicle.id, meterValue: "500.0" });
    expect((await call(`/${entry.id}`, "DELETE")).status).toBe(204);
    expect(await bookkeepingDb().meterEntry.count({ where: { vehicleId: vehicle.id } })).toBe(0);
    expect(await meterOf()).toEqual(["0.0", null]);
    expect((await call(`/${entry.id}`)).status).toBe(404);
    expect(await events()).toEqual(["fuelEntry.deleted", "meterEntry.deleted", "vehicle.meterMoved"]);
  });
});

describe("GET /fuel_entries", () => {
  it("200: filters and sorts", async () => {
    const first = await makeFuelEntry({ account, vehicleId: vehicle.id, date: new Date("2026-02-01") });
    const second = await makeFuelEntry({
      account,
      vehicleId: vehicle.id,
      date: new Date("2026-01-01"),
      meterValue: "5.0",
    });
    await makeFuelEntry({ account: await makeAccount() });
    const idsIn = async (query: string) => ((await call(query)).json.records as Json).map(({ id }) => Number(id));
    expect(await idsIn("")).toEqual([second.id, first.id]);
    expect(await idsIn(`?filter[vehicle_id][eq]=${vehicle.id}&sort[date]=desc`)).toEqual([first.id, second.id]);
    expect(await idsIn("?q[date_lt]=2026-01-15")).toEqual([second.id]);
  });

  it.each(API_VERSIONS)("200: as version %s lists", async (version) => {
    const { json } = await call("", "GET", undefined, { "x-api-version": version });
    expect(Array.isArray(json)).toBe(version === "2023-03-01");
  });

  it.each([
    ["GET", "fuel_entries.read"],
    ["POST", "fuel_entries.write"],
  ])("401 without a key, 403 without the scope: %s", async (method, scope) => {
    expect((await api.call("/api/v1/fuel_entries", { method })).status).toBe(401);
    ({ token } = await makeApiKey({
      account,
      createdBy: await makePerson(account, "owner"),
      scopes: ["vehicles.read"],
    }));
    const { status, json } = await call("", method);
    expect([status, json.detail]).toEqual([403, `This needs a key with the scope ${scope}.`]);
  });
});
