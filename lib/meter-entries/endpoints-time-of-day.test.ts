import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account, Vehicle } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import * as fuelEndpoints from "@/lib/fuel-entries/endpoints";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { jsonCall, serveForTests, type TestApi } from "@/testing/serve-api";
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
  vehicle = await makeVehicle({ account });
});

const call = (path: string, method: string, body: object, version = "2025-05-05") =>
  api.call(
    `/api/v1${path}`,
    jsonCall({
      token,
      account,
      method,
      body: { vehicle_id: vehicle.id, ...body },
      headers: { "x-api-version": version },
    }),
  );
const read = (value: number, date: string, more: object = {}) =>
  call("/meter_entries", "POST", { value, date, ...more });
const fuel = (value: number, date: string) =>
  call("/fuel_entries", "POST", { date, us_gallons: 1, meter_entry_attributes: { value } });
const meter = async () => {
  const found = await bookkeepingDb().vehicle.findUniqueOrThrow({ where: { id: vehicle.id } });
  return found.primaryMeterValue.toFixed(1);
};
const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe("the time of day of a reading", () => {
  it("is none's: of one day's readings without one the highest counts, and the others bind nothing", async () => {
    expect((await read(99_999.5, "2026-03-02")).status).toBe(201);
    expect((await read(10, "2026-03-02")).status).toBe(201);
    expect(await meter()).toBe("99999.5");
    expect((await read(50_000, "2026-03-01")).status).toBe(201);
    expect((await read(100_001, "2026-03-01")).json.errors).toEqual({
      value: [expect.stringMatching(/^must be at most 99999\.5 \(entry \d+ of 2026-03-02\)/)],
    });
    expect(await meter()).toBe("99999.5");
  });

  it.each(API_VERSIONS)("is kept where it was sent, and puts one day's readings in order (%s)", async (version) => {
    const sent = { value: 200, date: "2026-03-02T20:00:00+02:00" };
    const evening = await call("/meter_entries", "POST", sent, version);
    expect(evening.json).toMatchObject({ date: "2026-03-02", taken_at: "2026-03-02T18:00:00.000Z" });
    expect((await read(100, "2026-03-02T08:00:00Z")).status).toBe(201);
    expect(await meter()).toBe("200.0");
    expect((await read(150, "2026-03-02T18:30:00Z")).json.errors).toEqual({
      value: [expect.stringMatching(/^must be at least 200\.0 \(entry \d+ of 2026-03-02T18:00Z\) or marked as void$/)],
    });
    expect((await read(201, "2026-03-02T17:59:59Z")).status).toBe(422);
    expect((await read(201, "2026-03-02T17:59:59Z", { void: true })).status).toBe(201);
    expect((await read(120, "2026-03-02")).status).toBe(201);
    expect((await fuel(150, "2026-03-02T18:30:00Z")).json.errors).toHaveProperty("meter_entry_attributes.value");
    expect((await fuel(210, "2026-03-02T18:30:00Z")).json).toMatchObject({
      meter_entry: { taken_at: "2026-03-02T18:30:00.000Z" },
    });
    expect(await meter()).toBe("210.0");
  });

  it("stays when the day comes back as it was read, goes with another day, and is none at midnight", async () => {
    const { json } = await read(200, "2026-03-02T20:00:00Z");
    const patch = async (body: object) =>
      (await call(`/meter_entries/${String(json.id)}`, "PATCH", body)).json.taken_at;
    expect(await patch({ value: 210, date: "2026-03-02" })).toBe("2026-03-02T20:00:00.000Z");
    expect(await patch({ date: "2026-03-02T21:00:00Z" })).toBe("2026-03-02T21:00:00.000Z");
    expect(await patch({ date: "2026-03-03" })).toBeNull();
    expect((await read(300, "2026-03-05T00:00:00+09:00")).json).toMatchObject({ date: "2026-03-05", taken_at: null });
    expect((await fuel(400, "2026-03-06")).json).toMatchObject({ meter_entry: { date: "2026-03-06", taken_at: null } });
  });

  it("is not later than in 24 hours", async () => {
    const complaint = { date: ["must not be later than in 24 hours"] };
    for (const refused of [
      await read(1, hoursFromNow(25)),
      await read(1, hoursFromNow(72).slice(0, 10), { void: true }),
      await fuel(1, hoursFromNow(25)),
    ])
      expect([refused.status, refused.json.errors]).toEqual([422, complaint]);
    expect((await read(1, hoursFromNow(23))).status).toBe(201);
    const { json } = await fuel(2, hoursFromNow(23.5));
    const moved = await call(`/fuel_entries/${String(json.id)}`, "PATCH", { date: hoursFromNow(30) });
    expect(moved.json.errors).toEqual(complaint);
  });
});
