import { beforeAll, describe, expect, it } from "vitest";

import type { Permit } from "@/lib/auth/permit";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { listMeterEntryRows } from "./queries";
import { meterEntryListQuery } from "./schema";

const DAY_MS = 86_400_000;

let people: AccountWithPeople;
let permit: Permit<"meterEntries.read">;
const vehicles: { truck: number; van: number } = { truck: 0, van: 0 };

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

beforeAll(async () => {
  people = await makeAccountWithPeople();
  const { account } = people;
  vehicles.truck = (await makeVehicle({ account, name: "Truck", secondaryMeterUnit: "hr" })).id;
  vehicles.van = (await makeVehicle({ account, name: "Van", primaryMeterUnit: "km" })).id;
  const facts = { account, vehicleId: vehicles.truck };
  await makeMeterEntry({ ...facts, value: "100.0", date: daysAgo(400) });
  await makeMeterEntry({ ...facts, value: "5.5", kind: "secondary", isVoid: true, date: daysAgo(20) });
  await makeMeterEntry({ account, vehicleId: vehicles.van, value: "7.0", date: daysAgo(10) });
  await makeFuelEntry({ ...facts, meterValue: "200.0", date: daysAgo(2) });
  await makeMeterEntry({ account: (await makeAccountWithPeople()).account });
  permit = await permitFor("meterEntries.read", { user: people.owner, account });
});

const list = (given: Record<string, unknown> = {}, by = permit) =>
  listMeterEntryRows(by, meterEntryListQuery.parse(given));
const values = async (given: Record<string, unknown>) => (await list(given)).rows.map(({ value }) => value);

describe("the list of meter entries", () => {
  it("shows the account's own by date, with the unit of each meter", async () => {
    const { rows, count } = await list();
    expect(count).toBe(4);
    expect(rows.map(({ value, unit, kind, isVoid, vehicle }) => [value, unit, kind, isVoid, vehicle.name])).toEqual([
      ["200.0", "mi", "primary", false, "Truck"],
      ["7.0", "km", "primary", false, "Van"],
      ["5.5", "hr", "secondary", true, "Truck"],
      ["100.0", "mi", "primary", false, "Truck"],
    ]);
    expect(rows[1]?.date).toBe(daysAgo(10).toISOString().slice(0, 10));
    expect(await values({ direction: "asc" })).toEqual(["100.0", "5.5", "7.0", "200.0"]);
  });

  it("puts those of a day in the order of their times, and says these; one without stands at its beginning", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const { id: vehicleId } = await makeVehicle({ account });
    const on = (day: string, value: string, takenAt: string | null) =>
      makeMeterEntry({ account, vehicleId, value, date: new Date(day), takenAt });
    await on("2026-03-01", "30.0", "2026-03-01T18:00:00Z");
    await on("2026-03-01", "10.0", "2026-03-01T06:00:00Z");
    await on("2026-03-01", "20.0", "2026-03-01T12:00:00Z");
    await on("2026-03-01", "5.0", null);
    // Written as the day before, where it was one.
    await on("2026-03-01", "40.0", "2026-03-02T04:00:00Z");
    await on("2026-03-02", "35.0", "2026-03-02T01:00:00Z");
    const reader = await permitFor("meterEntries.read", { user: owner, account });
    for (const vehicle of [undefined, vehicleId])
      expect(
        (await list({ vehicle }, reader)).rows.map(({ value, takenAt }) => `${value} ${takenAt?.slice(8, 13)}`),
      ).toEqual(["40.0 02T04", "35.0 02T01", "30.0 01T18", "20.0 01T12", "10.0 01T06", "5.0 undefined"]);
  });

  it("filters by vehicle and period, and counts under them", async () => {
    expect(await values({ vehicle: vehicles.van })).toEqual(["7.0"]);
    expect(await values({ period: "30d" })).toEqual(["200.0", "7.0", "5.5"]);
    expect(await values({ period: "7d", vehicle: vehicles.truck })).toEqual(["200.0"]);
    expect(await values({ period: "nonsense" })).toHaveLength(4);
    expect((await list({ period: "365d", vehicle: vehicles.truck })).count).toBe(2);
    expect(await values({ vehicle: 2_147_483_647 })).toEqual([]);
  });

  it("offers what the viewer may do; a reading of a fuel entry is changed there", async () => {
    expect((await list()).rows.map(({ verbs }) => verbs.join(" "))).toEqual([
      "",
      "edit delete",
      "edit delete",
      "edit delete",
    ]);
    const reader = await permitFor("meterEntries.read", { user: people.member, account: people.account });
    expect((await list({}, reader)).rows.map(({ verbs }) => verbs.join(" "))).toEqual(["", "edit", "edit", "edit"]);
  });

  it("walks the pages there and back", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const { id } = await makeVehicle({ account });
    for (let day = 0; day < 60; day++)
      await makeMeterEntry({ account, vehicleId: id, value: String(day), date: daysAgo(60 - Math.floor(day / 3)) });
    const reader = await permitFor("meterEntries.read", { user: owner, account });
    const first = await list({}, reader);
    const second = await list({ after: first.next }, reader);
    expect([first.rows.length, second.rows.length, second.next]).toEqual([50, 10, null]);
    expect(new Set([...first.rows, ...second.rows].map((row) => row.id)).size).toBe(60);
    expect((await list({ before: second.previous }, reader)).rows).toEqual(first.rows);
    for (const after of ["nonsense", Buffer.from('["date","desc","2026-02-31 00:00:00+00",7]').toString("base64url")])
      expect((await list({ after }, reader)).rows).toEqual(first.rows);
  });
});
