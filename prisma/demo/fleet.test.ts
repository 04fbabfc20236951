import { describe, expect, it } from "vitest";

import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { isVin, meterFacts, vinWarning } from "@/lib/vehicles/policy";
import { makeManyVehicles } from "@/prisma/bulk/vehicles";
import { makeAccount } from "@/prisma/factories/accounts-and-keys";
import { makeDemoFleets } from "./fleet";

describe("the demo's fleets", () => {
  it("hold 60 vehicles with valid VINs, 25 contacts, 120 assignments and a year of entries", async () => {
    const account = await makeAccount({ name: "Harbor Point Logistics" });
    await makeDemoFleets([account], new Date());
    const where = { accountId: account.id };
    const vehicles = await bookkeepingDb().vehicle.findMany({
      where,
      include: { meterEntries: true, fuelEntries: true },
    });
    expect(vehicles).toHaveLength(60);
    for (const { vin } of vehicles) expect([vin, isVin(vin ?? ""), vinWarning(vin)]).toEqual([vin, true, null]);
    expect(await bookkeepingDb().contact.count({ where })).toBe(25);
    expect(await bookkeepingDb().vehicleAssignment.count({ where })).toBe(120);
    const [van] = vehicles;
    expect([van?.meterEntries.length, van?.fuelEntries.length]).toEqual([53, 53]);
    for (const vehicle of vehicles) {
      const readings = vehicle.meterEntries.map(({ id, value, date, isVoid }) => ({
        id,
        value: value.toFixed(1),
        date: date.toISOString().slice(0, 10),
        takenAt: null,
        isVoid,
      }));
      expect({
        value: vehicle.primaryMeterValue.toFixed(1),
        date: vehicle.primaryMeterDate?.toISOString().slice(0, 10) ?? null,
        usagePerDay: vehicle.primaryMeterUsagePerDay?.toFixed(2) ?? null,
      }).toEqual(meterFacts(readings));
    }
  });
});

describe("makeManyVehicles", () => {
  it("adds that many, each with a valid VIN of its own, and again", async () => {
    const account = await makeAccount();
    await makeManyVehicles(account, 300);
    await makeManyVehicles(account, 20);
    const made = await bookkeepingDb().vehicle.findMany({ where: { accountId: account.id }, select: { vin: true } });
    expect(made).toHaveLength(320);
    expect(made.every(({ vin }) => vin !== null && isVin(vin) && vinWarning(vin) === null)).toBe(true);
  });
});
