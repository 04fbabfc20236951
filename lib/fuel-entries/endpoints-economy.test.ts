import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account, Vehicle } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeFuelEntry } from "@/prisma/factories/contacts-and-entries";
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
  vehicle = await makeVehicle({ account });
});

const call = (path: string, method = "GET", body?: object) =>
  api.call(`/api/v1/fuel_entries${path}`, jsonCall({ token, account, method, body }));

type Fuelling = Omit<Parameters<typeof makeFuelEntry>[0], "account">;
const fuelOn = (day: number, fuelling: Fuelling = {}) =>
  makeFuelEntry({ account, vehicleId: vehicle.id, date: new Date(Date.UTC(2026, 0, day)), ...fuelling });

/** Economy, use and cost of every entry of the vehicle, the oldest first. */
async function economies(): Promise<unknown[][]> {
  const records = (await call("?sort[date]=asc")).json.records as Json;
  return records.map(({ mpg_us, usage_in_mi, cost_per_mi }) => [mpg_us, usage_in_mi, cost_per_mi]);
}

describe("the economy of a fuelling", () => {
  it("is the distance since the last full one by all that went in since", async () => {
    await fuelOn(1, { meterValue: "1000.0" });
    await fuelOn(2, { meterValue: "1100.0", partial: true, volume: "2.0000" });
    await fuelOn(3, { meterValue: "1200.0", partial: true, volume: "3.0000" });
    await fuelOn(4, { meterValue: "1400.0", volume: "5.0000" });
    await fuelOn(5, { meterValue: "1500.0", volume: "37.8541", volumeUnits: "liters", pricePerVolumeUnit: "1.0000" });
    expect(await economies()).toEqual([
      [null, null, null],
      [null, "100.0", null],
      [null, "100.0", null],
      ["40.0", "200.0", "0.0875"],
      ["10.0", "100.0", "0.3785"],
    ]);
  });

  it("counts what was fuelled without a reading, and not a void reading", async () => {
    await fuelOn(1, { meterValue: "1000.0" });
    await fuelOn(2, { volume: "4.0000", pricePerVolumeUnit: null });
    const wrong = await fuelOn(3, { meterValue: "9000.0", volume: "1.0000" });
    await bookkeepingDb().meterEntry.update({ where: { id: wrong.meterEntryId ?? 0 }, data: { isVoid: true } });
    await fuelOn(4, { meterValue: "1100.0", volume: "5.0000" });
    expect(await economies()).toEqual([
      [null, null, null],
      [null, null, null],
      [null, null, null],
      ["10.0", "100.0", null],
    ]);
  });

  it("is unknown after a fuelling that was not noted, and known again from there", async () => {
    await fuelOn(1, { meterValue: "1000.0" });
    await fuelOn(2, { meterValue: "1100.0", reset: true });
    await fuelOn(3, { meterValue: "1200.0" });
    await fuelOn(4, { meterValue: "1300.0", partial: true, reset: true });
    await fuelOn(5, { meterValue: "1400.0" });
    await fuelOn(6, { meterValue: "1500.0" });
    expect((await economies()).map(([economy]) => economy)).toEqual([null, null, "10.0", null, null, "10.0"]);
  });

  it("is told in the answer that creates it and follows an earlier entry that changes or goes", async () => {
    const first = await fuelOn(1, { meterValue: "1000.0" });
    const body = {
      vehicle_id: vehicle.id,
      date: "2026-01-02",
      us_gallons: 10,
      reset: false,
      meter_entry_attributes: { value: 1200 },
    };
    const { json } = await call("", "POST", body);
    expect(json).toMatchObject({
      mpg_us: "20.0",
      kpl: "8.5029",
      lp100k: "11.7607",
      mpg_uk: "24.019",
      usage_in_mi: "200.0",
      usage_in_km: "321.8688",
      usage_in_hr: null,
      us_gallons_per_hr: null,
      cost_per_mi: null,
      fuel_economy_units_for_current_user: "mpg_us",
    });
    await call(`/${first.id}`, "PATCH", { meter_entry_attributes: { value: 1100 } });
    expect((await economies()).at(-1)).toEqual(["10.0", "100.0", null]);
    expect((await call(`/${String(json.id)}`, "PATCH", { reset: true })).json).toMatchObject({
      reset: true,
      mpg_us: null,
    });
    await call(`/${String(json.id)}`, "PATCH", { reset: false });
    await call(`/${first.id}`, "DELETE");
    expect(await economies()).toEqual([[null, null, null]]);
  });

  it("knows nothing of another vehicle, and looks no further back than fifty fuellings", async () => {
    await makeFuelEntry({ account, meterValue: "10.0", date: new Date("2026-01-01") });
    await fuelOn(1, { meterValue: "1000.0" });
    const between = Array.from({ length: 50 }, (_, index) => ({
      accountId: account.id,
      vehicleId: vehicle.id,
      date: new Date(Date.UTC(2026, 1, index + 1)),
      volume: 10,
      volumeUnits: "us_gallons" as const,
      partial: true,
    }));
    await bookkeepingDb().fuelEntry.createMany({ data: between });
    const { id } = await fuelOn(200, { meterValue: "2000.0" });
    expect((await call(`/${id}`)).json).toMatchObject({ mpg_us: null, usage_in_mi: null });
    const { id: partial } = await bookkeepingDb().fuelEntry.findFirstOrThrow({
      where: { vehicleId: vehicle.id, partial: true },
    });
    await bookkeepingDb().fuelEntry.delete({ where: { id: partial } });
    expect((await call(`/${id}`)).json).toMatchObject({ mpg_us: "2.0", usage_in_mi: "1000.0" });
  });
});
