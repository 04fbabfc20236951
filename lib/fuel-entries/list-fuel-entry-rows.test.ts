import { beforeAll, describe, expect, it, vi } from "vitest";

import type { Permit } from "@/lib/auth/permit";
import { readPool } from "@/lib/platform/database/pool";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeFuelEntry } from "@/prisma/factories/contacts-and-entries";
import { listFuelEntryRows } from "./list-fuel-entry-rows";
import { fuelEntryListQuery } from "./schema";

const DAY_MS = 86_400_000;

let people: AccountWithPeople;
let permit: Permit<"fuelEntries.read">;
let van: number;

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

beforeAll(async () => {
  people = await makeAccountWithPeople();
  const { account } = people;
  const truck = (await makeVehicle({ account, name: "Truck" })).id;
  van = (await makeVehicle({ account, name: "Van", primaryMeterUnit: "km", fuelVolumeUnits: "liters" })).id;
  await makeFuelEntry({ account, vehicleId: truck, date: daysAgo(400), meterValue: "1000.0" });
  await makeFuelEntry({ account, vehicleId: truck, date: daysAgo(10), meterValue: "1250.0" });
  await makeFuelEntry({ account, vehicleId: van, date: daysAgo(5), volume: "40.0000", volumeUnits: "liters" });
  await makeFuelEntry({ account: (await makeAccountWithPeople()).account });
  permit = await permitFor("fuelEntries.read", { user: people.owner, account });
});

const list = (given: Record<string, unknown> = {}, by = permit) =>
  listFuelEntryRows(by, fuelEntryListQuery.parse(given));

describe("the list of fuel entries", () => {
  it("shows the account's own by date, each with its economy where that is known", async () => {
    const { rows, count } = await list();
    expect(count).toBe(3);
    expect(
      rows.map(({ vehicle, volume, totalAmount, meterValue, economy }) => [
        vehicle.name,
        volume,
        totalAmount,
        meterValue,
        economy,
      ]),
    ).toEqual([
      ["Van", "40.0000", "140.00", null, null],
      ["Truck", "10.0000", "35.00", "1250.0", { value: "25.0", unit: "mpg_us" }],
      ["Truck", "10.0000", "35.00", "1000.0", null],
    ]);
    expect((await list({ direction: "asc" })).rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).reverse());
  });

  it("filters by vehicle and period", async () => {
    expect((await list({ vehicle: van })).rows.map(({ vehicle }) => vehicle.name)).toEqual(["Van"]);
    expect((await list({ period: "30d" })).count).toBe(2);
    expect((await list({ period: "7d" })).rows).toHaveLength(1);
  });

  it("tells in which currency the account counts", async () => {
    const { account, owner } = await makeAccountWithPeople({ currencySymbol: "€" });
    await makeFuelEntry({ account });
    const { rows } = await list({}, await permitFor("fuelEntries.read", { user: owner, account }));
    expect([rows.map((row) => row.currencySymbol), (await list()).rows[0]?.currencySymbol]).toEqual([["€"], "$"]);
  });

  it("offers what the viewer may do", async () => {
    expect((await list()).rows[0]?.verbs).toEqual(["edit", "delete"]);
    const reader = await permitFor("fuelEntries.read", { user: people.member, account: people.account });
    expect((await list({}, reader)).rows[0]?.verbs).toEqual(["edit"]);
  });

  it("is read in two statements, however many rows it has, and walks its pages", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const vehicle = await makeVehicle({ account });
    for (let day = 0; day < 55; day++) await makeFuelEntry({ account, vehicleId: vehicle.id, date: daysAgo(day) });
    const reader = await permitFor("fuelEntries.read", { user: owner, account });
    const spy = vi.spyOn(readPool(), "query");
    const first = await list({}, reader);
    expect(spy).toHaveBeenCalledTimes(2);
    spy.mockRestore();
    const second = await list({ after: first.next }, reader);
    expect([first.rows.length, second.rows.length, second.next]).toEqual([50, 5, null]);
    expect((await list({ before: second.previous }, reader)).rows).toEqual(first.rows);
  });
});
