import { beforeAll, describe, expect, it } from "vitest";

import { listFuelEntryRows } from "@/lib/fuel-entries/list-fuel-entry-rows";
import { fuelEntryListQuery } from "@/lib/fuel-entries/schema";
import { listMeterEntryRows } from "@/lib/meter-entries/queries";
import { meterEntryListQuery } from "@/lib/meter-entries/schema";
import { searchContacts } from "@/lib/contacts/queries";
import { searchVehicles } from "@/lib/vehicles/queries";
import { makeManyRecords } from "@/prisma/bulk/records";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { viewCost } from "@/testing/view-cost";
import { listAssignmentRows } from "./list-assignment-rows";
import { assignmentListQuery } from "./schema";

const VEHICLES = 2000;
/**
 * Pages of 8 kB that one statement may touch, each row in one of its own at worst: three counts that stop at 1,001 rows,
 * one of which may pass by what every vehicle has now; or a page of 51, each with what it names. A walk through all
 * 20,000 assignments would be far more. Unlike time, it is the same on every machine.
 */
const MOST_BLOCKS = 3 * 1001 + VEHICLES + 500;

let people: AccountWithPeople;
let vehicle: number;

beforeAll(async () => {
  people = await makeAccountWithPeople();
  ({ vehicle } = await makeManyRecords(people.account, VEHICLES));
}, 120_000);

type View = readonly [string, () => Promise<unknown>];

const assignments = async (given: Record<string, unknown>) =>
  listAssignmentRows(
    await permitFor("vehicleAssignments.read", { user: people.owner, account: people.account }),
    assignmentListQuery.parse(given),
  );
const ASSIGNMENTS: readonly View[] = [
  ...["started", "ended"].flatMap((sort) =>
    ["asc", "desc"].map((direction): View => [
      `assignments by ${sort} ${direction}`,
      () => assignments({ sort, direction }),
    ]),
  ),
  ...["current", "future", "past"].map((state): View => [
    `assignments that are ${state}`,
    () => assignments({ state }),
  ]),
  ["assignments of a vehicle", () => assignments({ vehicle })],
  ["a common word", () => assignments({ q: "truck" })],
  ["a rare word", () => assignments({ q: "zanzibar" })],
  ["an absent word", () => assignments({ q: "qqxyzzy" })],
  ["two letters", () => assignments({ q: "za" })],
];
const meter = async (given: Record<string, unknown>) =>
  listMeterEntryRows(
    await permitFor("meterEntries.read", { user: people.owner, account: people.account }),
    meterEntryListQuery.parse(given),
  );
const fuel = async (given: Record<string, unknown>) =>
  listFuelEntryRows(
    await permitFor("fuelEntries.read", { user: people.owner, account: people.account }),
    fuelEntryListQuery.parse(given),
  );
const ENTRIES: readonly View[] = [{}, { direction: "asc" }, { period: "7d" }].flatMap((given): View[] => [
  [`meter entries with ${JSON.stringify(given)}`, () => meter(given)],
  [`fuel entries with ${JSON.stringify(given)}`, () => fuel(given)],
  [`meter entries of a vehicle with ${JSON.stringify(given)}`, () => meter({ ...given, vehicle })],
  [`fuel entries of a vehicle with ${JSON.stringify(given)}`, () => fuel({ ...given, vehicle })],
]);
const PICKERS: readonly View[] = ["", "tr", "truck", "zanzibar", "qqxyzzy"].flatMap((q): View[] => [
  [
    `vehicles picked by “${q}”`,
    async () =>
      searchVehicles(await permitFor("vehicles.read", { user: people.owner, account: people.account }), { q }),
  ],
  [
    `contacts picked by “${q}”`,
    async () =>
      searchContacts(await permitFor("contacts.read", { user: people.owner, account: people.account }), { q }),
  ],
]);

describe("with many records in the account", () => {
  it.each([...ASSIGNMENTS, ...ENTRIES, ...PICKERS])("%s: by index, few blocks", async (_, view) => {
    const { blocks, walked } = await viewCost(view);
    expect(Math.max(...blocks)).toBeLessThanOrEqual(MOST_BLOCKS);
    expect(walked).toEqual([]);
  });
});
