import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account, VehicleStatus, VehicleType } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle, makeVehicleSettings, makeVin } from "@/prisma/factories/vehicles";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;
let type: VehicleType;
let status: VehicleStatus;

beforeAll(async () => {
  api = await serveForTests(Object.values(endpoints));
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES }));
  const { types, statuses } = await makeVehicleSettings(account);
  [type, status] = [types[0], statuses[0]] as [VehicleType, VehicleStatus];
});

const call = (path: string, method = "GET", body?: unknown, headers: Record<string, string> = {}) =>
  api.call(`/api/v1/vehicles${path}`, jsonCall({ token, account, method, body, headers }));
const required = () => ({
  name: "Truck 1",
  vehicle_type_id: type.id,
  vehicle_status_id: status.id,
  primary_meter_unit: "mi",
});
const events = () =>
  bookkeepingDb().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } });

describe("GET /vehicles/:id", () => {
  it("200: has every field of the contract, with its type", async () => {
    const made = await makeVehicle({
      account,
      name: "A",
      vin: "1M8GDM9AXKP042788",
      year: 2021,
      primaryMeterValue: "1234.5",
      primaryMeterUsagePerDay: "12.5",
      inServiceDate: new Date("2021-02-03"),
      inServiceMeterValue: 7,
      estimatedResalePrice: "1999.99",
    });
    const { status: code, json } = await call(`/${made.id}`);
    expect(code).toBe(200);
    expect(json).toEqual({
      id: made.id,
      account_id: account.id,
      name: "A",
      vin: "1M8GDM9AXKP042788",
      license_plate: null,
      make: null,
      model: null,
      trim: null,
      year: 2021,
      color: null,
      vehicle_type_id: type.id,
      vehicle_type_name: "Car",
      vehicle_status_id: status.id,
      vehicle_status_name: "Active",
      vehicle_status_color: "green",
      group_id: null,
      group_name: null,
      group_ancestry: null,
      fuel_type_id: null,
      fuel_type_name: null,
      fuel_volume_units: "us_gallons",
      ownership: "owned",
      system_of_measurement: "imperial",
      primary_meter_unit: "mi",
      meter_unit: "mi",
      primary_meter_value: "1234.5",
      current_meter_value: 1234.5,
      secondary_meter: false,
      primary_meter_date: null,
      primary_meter_usage_per_day: "12.50",
      secondary_meter_unit: null,
      secondary_meter_value: "0.0",
      secondary_meter_date: null,
      secondary_meter_usage_per_day: null,
      registration_state: null,
      registration_expiration_month: 0,
      in_service_date: "2021-02-03",
      in_service_meter_value: "7.0",
      out_of_service_date: null,
      out_of_service_meter_value: null,
      estimated_service_months: null,
      estimated_replacement_mileage: null,
      estimated_resale_price_cents: 199999,
      external_ids: {},
      labels: [],
      custom_fields: {},
      is_sample: false,
      archived_at: null,
      created_at: made.createdAt.toISOString(),
      updated_at: made.updatedAt.toISOString(),
      comments_count: 0,
      documents_count: 0,
      images_count: 0,
      issues_count: 0,
      service_entries_count: 0,
      service_reminders_count: 0,
      work_orders_count: 0,
      fuel_entries_count: 0,
      vehicle_renewal_reminders_count: 0,
      default_image_url_small: null,
      assetable_type: "Vehicle",
      ai_enabled: false,
      current_location_entry_id: null,
      axle_config_id: null,
    });
  });

  it.each(["vin:1M8GDM9AXKP042788", "vin:1m8gdm9axkp042788", "vin%3A1M8GDM9AXKP042788", "VIN:1M8GDM9AXKP042788"])(
    "200: finds %s",
    async (address) => {
      const made = await makeVehicle({ account, vin: "1M8GDM9AXKP042788" });
      expect((await call(`/${address}`)).json.id).toBe(made.id);
    },
  );

  it("404: for what is foreign, unknown or no id, in the same words", async () => {
    const foreign = await makeVehicle({ account: await makeAccount() });
    const ids = [
      foreign.id,
      `vin:${foreign.vin}`,
      2_147_483_647,
      2_147_483_648,
      "9".repeat(30),
      0,
      -1,
      "abc",
      "1.5",
      "vin:",
      "vin:'--",
      "%FF",
      "1%00",
    ];
    const answers = await Promise.all(ids.map((id) => call(`/${id}`, "GET", undefined, { "x-request-id": "same" })));
    expect(answers.map(({ status: code }) => code)).toEqual(ids.map(() => 404));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});

describe("POST /vehicles", () => {
  it("201: takes what a connector sends, by ids or by names, and says where the record is", async () => {
    const body = {
      ...required(),
      vehicle_type_id: String(type.id),
      vehicle_status_id: undefined,
      vehicle_status_name: "in shop",
      primary_meter_unit: undefined,
      meter_unit: "km",
      vin: " 1m8gdm9axkp042788 ",
      year: "2019",
      license_plate: 4711,
      color: "",
      in_service_date: "2024-05-06T07:00:00-05:00",
      in_service_meter_value: 12.34,
      estimated_resale_price_cents: 100050,
      fuel_volume_units: null,
      ownership: null,
      external_ids: { geotab: 5, gone: null },
      labels: ["b", { name: "a" }, "b"],
      registration_expiration_month: null,
      id: 1,
      account_id: 1,
      created_at: "2000-01-01",
      is_sample: true,
      primary_meter_value: "999",
      nonsense: { a: 1 },
    };
    const { status: code, json, headers } = await call("", "POST", body);
    expect([code, json.errors]).toEqual([201, undefined]);
    expect(headers.location).toBe(`/api/v1/vehicles/${String(json.id)}`);
    expect(headers["x-warning"]).toBeUndefined();
    expect(json).toMatchObject({
      account_id: account.id,
      name: "Truck 1",
      vehicle_type_name: "Car",
      vehicle_status_name: "In Shop",
      primary_meter_unit: "km",
      vin: "1M8GDM9AXKP042788",
      year: 2019,
      license_plate: "4711",
      color: null,
      in_service_date: "2024-05-06",
      in_service_meter_value: "12.3",
      estimated_resale_price_cents: 100050,
      fuel_volume_units: "us_gallons",
      ownership: "owned",
      external_ids: { geotab: "5" },
      labels: [{ name: "b" }, { name: "a" }],
      registration_expiration_month: 0,
      is_sample: false,
      primary_meter_value: "0.0",
    });
    expect((await call(`/${String(json.id)}`)).json).toEqual(json);
    const [created] = await events();
    expect(created).toMatchObject({ action: "vehicle.created", recordId: json.id, recordName: "Truck 1" });
    expect(created?.after).toMatchObject({ name: "Truck 1", statusName: "In Shop", vin: "1M8GDM9AXKP042788" });
  });

  it("201: warns of a check digit that does not fit", async () => {
    const { status: code, headers } = await call("", "POST", { ...required(), vin: "1M8GDM9AXKP042789" });
    expect(code).toBe(201);
    expect(headers["x-warning"]).toContain("1M8GDM9AXKP042789");
  });

  it("422: names every missing field", async () => {
    const { status: code, json } = await call("", "POST", {});
    expect([code, json]).toEqual([
      422,
      {
        errors: {
          name: ["can't be blank"],
          vehicle_type_id: ["can't be blank"],
          vehicle_status_id: ["can't be blank"],
          primary_meter_unit: ["can't be blank"],
        },
      },
    ]);
  });

  it("422: for every wrong value, naming the field, and nothing is made", async () => {
    const cases: [string, unknown][] = [
      ["name", " "],
      ["name", {}],
      ["name", "x".repeat(256)],
      ["vin", "123"],
      ["vin", "1O8GDM9AXKP042788"],
      ["year", "19x9"],
      ["year", 1.5],
      ["year", 1e300],
      ["vehicle_type_id", 0],
      ["vehicle_type_id", 2_147_483_647],
      ["vehicle_type_id", 4_000_000_000],
      ["vehicle_status_name", "Nope"],
      ["primary_meter_unit", "miles"],
      ["ownership", "stolen"],
      ["in_service_date", "2024-02-30"],
      ["in_service_meter_value", -1],
      ["in_service_meter_value", "1e12"],
      ["external_ids", "x"],
      ["external_ids", { a: {} }],
      ["labels", "x"],
      ["registration_expiration_month", 13],
      ["custom_fields.nope", undefined],
      ["estimated_resale_price_cents", 1.5],
    ];
    for (const [field, value] of cases) {
      const given = field === "custom_fields.nope" ? { custom_fields: { nope: 1 } } : { [field]: value };
      const body = field.endsWith("_name")
        ? { ...required(), vehicle_status_id: undefined, ...given }
        : { ...required(), ...given };
      const { status: code, json } = await call("", "POST", body);
      expect([
        code,
        value,
        Object.keys(json.errors as Json).map((name) => name.replace(/^external_ids\..*/, "external_ids")),
      ]).toEqual([422, value, [field]]);
    }
    expect(await bookkeepingDb().vehicle.count({ where: { accountId: account.id } })).toBe(0);
    expect(await events()).toEqual([]);
  });

  it("422: says which label is none", async () => {
    const { status: code, json } = await call("", "POST", { ...required(), labels: ["north", null] });
    expect([code, json]).toEqual([422, { errors: { "labels.1": ["must be a text of at most 100 characters"] } }]);
  });

  it("422: for a type or status of another account", async () => {
    const foreign = (await makeVehicleSettings(await makeAccount())).types[0];
    const { status: code, json } = await call("", "POST", { ...required(), vehicle_type_id: foreign?.id });
    expect([code, json]).toEqual([422, { errors: { vehicle_type_id: ["must exist"] } }]);
  });

  it("422: for a name or VIN that is taken in this account; another account's is free", async () => {
    const vin = makeVin();
    await makeVehicle({ account: await makeAccount(), name: "Truck 1", vin });
    expect((await call("", "POST", { ...required(), vin })).status).toBe(201);
    expect((await call("", "POST", required())).json).toEqual({ errors: { name: ["has already been taken"] } });
    expect((await call("", "POST", { ...required(), name: "Truck 2", vin })).json).toEqual({
      errors: { vin: ["has already been taken"] },
    });
  });

  it("makes one of many at once with the same name", async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => call("", "POST", required())));
    expect(answers.map(({ status: code }) => code).sort()).toEqual([201, 422, 422, 422, 422, 422]);
    expect(await events()).toHaveLength(1);
  });

  it("checks and keeps custom fields", async () => {
    await makeCustomField({ account, label: "Cost Center", required: true });
    await makeCustomField({ account, label: "Has ramp", dataType: "checkbox" });
    expect((await call("", "POST", required())).json).toEqual({
      errors: { "custom_fields.cost_center": ["can't be blank"] },
    });
    const { json } = await call("", "POST", { ...required(), custom_fields: { cost_center: "17", has_ramp: "1" } });
    expect(json.custom_fields).toEqual({ cost_center: "17", has_ramp: true });
    const patched = await call(`/${String(json.id)}`, "PATCH", { custom_fields: { has_ramp: false } });
    expect(patched.json.custom_fields).toEqual({ cost_center: "17", has_ramp: false });
  });

  it("400 and 415: for what is no body of ours", async () => {
    const send = (body: string, type = "application/json") =>
      api.call("/api/v1/vehicles", {
        token,
        method: "POST",
        body,
        headers: { "account-token": account.token, "content-type": type },
      });
    expect((await send("{")).status).toBe(400);
    expect((await send('{"name": "\\u0000"}')).status).toBe(400);
    expect((await send('{"name": "\\ud800"}')).status).toBe(400);
    expect((await send("{}", "text/plain")).status).toBe(415);
    for (const body of ["[]", "null", "5", '"x"']) expect([body, (await send(body)).status]).toEqual([body, 422]);
  });
});

describe("PATCH /vehicles/:id", () => {
  it("200: changes what is given, leaves the rest, and puts down before and after", async () => {
    const made = await makeVehicle({ account, name: "A", color: "red", externalIds: { geotab: "1", samsara: "2" } });
    const { status: code, json } = await call(`/${made.id}`, "PATCH", {
      color: "blue",
      external_ids: { geotab: null, fuel: "3" },
      vehicle_status_name: "Sold",
    });
    expect(code).toBe(200);
    expect(json).toMatchObject({
      name: "A",
      color: "blue",
      vin: made.vin,
      external_ids: { samsara: "2", fuel: "3" },
      vehicle_status_name: "Sold",
    });
    expect(new Date(String(json.updated_at)).getTime()).toBeGreaterThan(made.updatedAt.getTime());
    const [updated, ...more] = await events();
    expect(more).toEqual([]);
    expect(updated).toMatchObject({
      action: "vehicle.updated",
      before: { color: "red", statusName: "Active", externalIds: { geotab: "1", samsara: "2" } },
      after: { color: "blue", statusName: "Sold", externalIds: { fuel: "3", samsara: "2" } },
    });
  });

  it("200: leaves no event and no new time when nothing changes, the whole record sent back included", async () => {
    const made = await makeVehicle({
      account,
      customFields: {},
      inServiceMeterValue: "5.0",
      inServiceDate: new Date("2020-01-01"),
      estimatedResalePrice: "5.50",
    });
    const { json } = await call(`/${made.id}`);
    for (const body of [{}, json, { in_service_meter_value: 5, year: "", meter_unit: "mi" }]) {
      const answer = await call(`/${made.id}`, "PATCH", body);
      expect([answer.status, answer.json]).toEqual([200, json]);
    }
    expect(await events()).toEqual([]);
  });

  it("200: takes the status that was changed in a whole record, be it by id or by name", async () => {
    const made = await makeVehicle({ account });
    const sold = await bookkeepingDb().vehicleStatus.findFirstOrThrow({
      where: { accountId: account.id, name: "Sold" },
    });
    const { json } = await call(`/${made.id}`);
    expect((await call(`/${made.id}`, "PATCH", { ...json, vehicle_status_id: sold.id })).json.vehicle_status_name).toBe(
      "Sold",
    );
    expect(
      (await call(`/${made.id}`, "PATCH", { ...json, vehicle_status_id: sold.id, vehicle_status_name: "Inactive" }))
        .json.vehicle_status_name,
    ).toBe("Inactive");
  });

  it("422: for a blank where none may be", async () => {
    const made = await makeVehicle({ account });
    for (const field of ["name", "ownership", "fuel_volume_units", "primary_meter_unit"]) {
      expect([field, (await call(`/${made.id}`, "PATCH", { [field]: null })).json]).toEqual([
        field,
        { errors: { [field]: ["can't be blank"] } },
      ]);
    }
  });

  it("404: for a foreign one, and leaves it alone", async () => {
    const foreign = await makeVehicle({ account: await makeAccount(), name: "Foreign" });
    for (const [path, method] of [
      ["", "PATCH"],
      ["/archive", "PATCH"],
      ["/restore", "PATCH"],
      ["", "DELETE"],
    ] as const) {
      expect((await call(`/${foreign.id}${path}`, method, { name: "Mine" })).status).toBe(404);
    }
    expect(await bookkeepingDb().vehicle.findUniqueOrThrow({ where: { id: foreign.id } })).toEqual(foreign);
  });
});

describe("DELETE", () => {
  it("204: deletes one without a history", async () => {
    const made = await makeVehicle({ account, name: "A" });
    const { status: code, text } = await call(`/${made.id}`, "DELETE");
    expect([code, text]).toEqual([204, ""]);
    expect((await call(`/${made.id}`)).status).toBe(404);
    expect(await events()).toMatchObject([{ action: "vehicle.deleted", recordId: made.id, recordName: "A" }]);
  });

  it("422: counts what stands in the way, and says to archive", async () => {
    const made = await makeVehicle({ account, name: "A" });
    const entry = { accountId: account.id, vehicleId: made.id };
    await bookkeepingDb().meterEntry.createMany({
      data: [1, 2].map((value) => ({ ...entry, value, date: new Date("2026-01-01") })),
    });
    await bookkeepingDb().fuelEntry.create({ data: { ...entry, date: new Date(), volume: 1, volumeUnits: "liters" } });
    const { status: code, json } = await call(`/${made.id}`, "DELETE");
    expect([code, json]).toEqual([
      422,
      { errors: { base: ["A has 2 meter entries, 1 fuel entry and can't be deleted. Archive the vehicle instead."] } },
    ]);
    expect((await call(`/${made.id}`)).json.fuel_entries_count).toBe(1);
  });
});

describe("who may", () => {
  const withKey = async (scopes: string[], role: "owner" | "member" = "owner") =>
    (await makeApiKey({ account, createdBy: await makePerson(account, role), scopes })).token;

  it("401 without a key", async () => {
    expect((await api.call("/api/v1/vehicles", { headers: { "account-token": account.token } })).status).toBe(401);
  });

  it("403 without the scope, which is named, and for a member who would delete", async () => {
    const made = await makeVehicle({ account });
    token = await withKey(["vehicles.read"]);
    const refused = await call(`/${made.id}`, "PATCH", {});
    expect([refused.status, refused.text.includes("vehicles.write")]).toEqual([403, true]);
    token = await withKey(["vehicles.write"], "member");
    expect((await call(`/${made.id}`)).status).toBe(403);
    expect((await call(`/${made.id}`, "PATCH", { color: "red" })).status).toBe(200);
    const kept = await call(`/${made.id}`, "DELETE");
    expect([kept.status, kept.json.detail]).toEqual([403, expect.stringContaining("vehicles.write")]);
  });

  it("405 with the methods that there are", async () => {
    const { status: code, headers } = await call("", "DELETE");
    expect([code, headers.allow]).toEqual([405, "GET, HEAD, POST"]);
  });
});

describe("names", () => {
  const create = (name: string) => call("", "POST", { ...required(), name });

  it("422: what is not seen, turns the writing or breaks the line is refused with its sentence", async () => {
    for (const [name, complaint] of [
      ["\u200b", "holds an invisible character (U+200B); take it out"],
      ["\u3164", "holds an invisible character (U+3164); take it out"],
      ["Van\u202e", "holds a character that turns the direction of writing (U+202E); take it out"],
      ["Van\n12", "holds a line break; write it on one line"],
    ] as const)
      expect(await create(name)).toMatchObject({ status: 422, json: { errors: { name: [complaint] } } });
  });

  it("422: two that look alike are one, however they are written; a filter finds either", async () => {
    expect((await create("Caf\u00e9")).status).toBe(201);
    expect(await create("Cafe\u0301")).toMatchObject({
      status: 422,
      json: { errors: { name: ["has already been taken"] } },
    });
    const { json } = await call(`?filter[name][eq]=${encodeURIComponent("Cafe\u0301")}`);
    expect(json).toMatchObject({ records: [{ name: "Caf\u00e9" }] });
  });

  it("422 in a body, 400 in a filter: a time that is none is none anywhere", async () => {
    for (const time of ["2026-11-22T24:00", "2026-11-22Tgarbage"]) {
      expect(await call("", "POST", { ...required(), in_service_date: time })).toMatchObject({
        status: 422,
        json: { errors: { in_service_date: ["must be a date such as 2026-11-22"] } },
      });
      expect((await call(`?filter[created_at][gt]=${time}`)).status).toBe(400);
    }
  });
});
