import { beforeAll, describe, expect, it } from "vitest";

import type { Vehicle, VehicleStatus, VehicleType } from "@/generated/prisma/client";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { findContactName } from "@/lib/contacts/queries";
import { listVehicleStatusChoices } from "@/lib/vehicle-statuses/queries";
import { listVehicleTypeChoices } from "@/lib/vehicle-types/queries";
import { findVehicleName, searchVehicles } from "./queries";
import { vehicleListQuery } from "./schema";
import { accountMeasures, getVehicle, listVehicleRows } from "./list-vehicle-rows";

const HOUR_MS = 3_600_000;
let people: AccountWithPeople;
let other: AccountWithPeople;
let types: VehicleType[];
let statuses: VehicleStatus[];
let truck: Vehicle;

const reader = (role: "owner" | "member" = "owner") =>
  permitFor("vehicles.read", { user: people[role], account: people.account });
const view = (given: Record<string, unknown> = {}) => vehicleListQuery.parse(given);
const list = async (given: Record<string, unknown> = {}) => listVehicleRows(await reader(), view(given));
const names = async (given: Record<string, unknown> = {}) => (await list(given)).rows.map(({ name }) => name);

beforeAll(async () => {
  people = await makeAccountWithPeople();
  other = await makeAccountWithPeople();
  const { account } = people;
  ({ types, statuses } = await makeVehicleSettings(account));
  const of = { account, vehicleTypeId: types[0]!.id, vehicleStatusId: statuses[0]!.id };
  truck = await makeVehicle({
    ...of,
    name: "Truck 12",
    vin: "1FTFW1ET5DFC10312",
    licensePlate: "SEA-4711",
    year: 2021,
    make: "Ford",
  });
  await makeVehicle({ ...of, name: "apple cart", licensePlate: "50% off", vehicleTypeId: types[1]!.id });
  await makeVehicle({ ...of, name: "Zebra", vin: null, vehicleStatusId: statuses[2]!.id });
  await makeVehicle({ ...of, name: "Old one", archivedAt: new Date() });
  await makeVehicle({ account: other.account, name: "Truck of others" });
});

describe("the list", () => {
  it("shows the account's current vehicles by name, whatever their case", async () => {
    expect(await names()).toEqual(["apple cart", "Truck 12", "Zebra"]);
    expect(await names({ direction: "desc" })).toEqual(["Zebra", "Truck 12", "apple cart"]);
    expect(await names({ show: "archived" })).toEqual(["Old one"]);
    expect((await list()).counts).toEqual({ current: 3, archived: 1 });
  });

  it.each([
    ["a word of the name", { q: "truck" }, ["Truck 12"]],
    ["part of a VIN", { q: "et5dfc" }, ["Truck 12"]],
    ["part of a plate", { q: "a-47" }, ["Truck 12"]],
    ["the beginning of a name", { q: "TR" }, ["Truck 12"]],
    ["a sign that SQL gives a meaning", { q: "50%" }, ["apple cart"]],
    ["nothing", { q: "truck of" }, []],
    ["not the archived ones", { q: "old one" }, []],
  ])("finds by %s", async (_, given, found) => {
    expect(await names(given)).toEqual(found);
  });

  it("filters by type and status, and counts what is left", async () => {
    expect(await names({ type: types[1]!.id })).toEqual(["apple cart"]);
    expect(await names({ status: statuses[2]!.id })).toEqual(["Zebra"]);
    expect(await names({ status: statuses[0]!.id, type: types[0]!.id })).toEqual(["Truck 12"]);
    expect((await list({ type: types[0]!.id })).counts).toEqual({ current: 2, archived: 1 });
    expect(await names({ type: "nonsense", sort: "nonsense", show: "nonsense" })).toHaveLength(3);
  });

  it("tells the type, the status, the meter and who has it at this moment", async () => {
    const { account } = people;
    const [now, later] = [await makeContact({ account, firstName: "Nadia" }), await makeContact({ account })];
    const span = (from: number, to: number | null) => ({
      startedAt: new Date(Date.now() + from * HOUR_MS),
      endedAt: to === null ? null : new Date(Date.now() + to * HOUR_MS),
    });
    await makeAssignment({ account, vehicleId: truck.id, contactId: later.id, ...span(-9, -5) });
    await makeAssignment({ account, vehicleId: truck.id, contactId: now.id, ...span(-5, 5) });
    await makeAssignment({ account, vehicleId: truck.id, contactId: later.id, ...span(5, null) });
    await makeMeterEntry({ account, vehicleId: truck.id, value: "12345.5" });
    const row = (await list()).rows.find(({ id }) => id === truck.id);
    expect(row).toMatchObject({
      typeName: types[0]!.name,
      statusName: statuses[0]!.name,
      statusColor: statuses[0]!.color,
      meterValue: "12345.5",
      meterUnit: "mi",
      driver: { id: now.id, name: now.name },
      isArchived: false,
    });
    expect(row?.meterDate).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("brings the verbs that its state and the viewer allow", async () => {
    const verbs = async (role: "owner" | "member", show?: string) =>
      (await listVehicleRows(await reader(role), view({ show }))).rows[0]?.verbs;
    expect(await verbs("owner")).toEqual(["edit", "archive", "delete"]);
    expect(await verbs("owner", "archived")).toEqual(["edit", "restore", "delete"]);
    expect(await verbs("member")).toEqual(["edit", "archive"]);
    expect(await verbs("member", "archived")).toEqual(["edit", "restore"]);
  });

  it("is turned over forwards and backwards without a loss or a repetition", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const { types: own, statuses: ownStatuses } = await makeVehicleSettings(account);
    for (let number = 0; number < 120; number++) {
      const name = `Van ${String(number).padStart(3, "0")}`;
      await makeVehicle({ account, name, vehicleTypeId: own[0]!.id, vehicleStatusId: ownStatuses[0]!.id });
    }
    const permit = await permitFor("vehicles.read", { user: owner, account });
    const first = await listVehicleRows(permit, view());
    const second = await listVehicleRows(permit, view({ after: first.next }));
    const third = await listVehicleRows(permit, view({ after: second.next }));
    expect([first, second, third].map(({ rows }) => rows.length)).toEqual([50, 50, 20]);
    expect([first.previous, third.next]).toEqual([null, null]);
    const all = [first, second, third].flatMap(({ rows }) => rows.map(({ name }) => name));
    expect(all).toEqual([...new Set(all)].sort());
    expect((await listVehicleRows(permit, view({ before: third.previous }))).rows).toEqual(second.rows);
  });
});

describe("a vehicle's page", () => {
  it("has the record and its verbs", async () => {
    expect(await getVehicle(await reader(), truck.id)).toMatchObject({
      name: "Truck 12",
      vin: "1FTFW1ET5DFC10312",
      verbs: ["edit", "archive", "delete"],
    });
  });

  it("is not there for another account, nor for none", async () => {
    const stranger = await permitFor("vehicles.read", { user: other.owner, account: other.account });
    for (const id of [truck.id, 2_147_483_647]) {
      await expect(getVehicle(stranger, id)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("a new one begins with the account's own measures", async () => {
    expect(await accountMeasures(await reader())).toEqual({
      primaryMeterUnit: "mi",
      fuelVolumeUnits: "us_gallons",
      systemOfMeasurement: "imperial",
    });
  });
});

describe("what forms and filters offer", () => {
  it("is the account's types by name and its statuses in their order", async () => {
    const choice = ({ id, name, isDefault }: { id: number; name: string; isDefault: boolean }) => ({
      id,
      name,
      isDefault,
    });
    const byName = types.toSorted((one, next) => (one.name < next.name ? -1 : 1)).map(choice);
    const byPosition = statuses.toSorted((one, next) => one.position - next.position).map(choice);
    expect(await listVehicleTypeChoices(await reader())).toEqual(byName);
    expect(await listVehicleStatusChoices(await reader())).toEqual(byPosition);
  });

  it("calls the account's own by name, and nobody else's", async () => {
    const { account, owner: user } = people;
    const stranger = await permitFor("vehicles.read", { user: other.owner, account: other.account });
    expect(await findVehicleName(await reader(), truck.id)).toBe("Truck 12");
    expect(await findVehicleName(stranger, truck.id)).toBeNull();
    expect((await searchVehicles(await reader(), { q: "truck" })).map(({ name }) => name)).toEqual(["Truck 12"]);
    const contact = await makeContact({ account });
    const contacts = await permitFor("contacts.read", { user, account });
    expect(await findContactName(contacts, contact.id)).toBe(contact.name);
    expect(await findContactName(contacts, contact.id + 1_000_000)).toBeNull();
  });
});
