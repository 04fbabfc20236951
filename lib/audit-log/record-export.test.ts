import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it } from "vitest";

import type { RequestIdentity } from "@/lib/auth/session";
import { downloadContacts } from "@/lib/contacts/downloads";
import { downloadFuelEntries } from "@/lib/fuel-entries/downloads";
import { importFields, matchColumns } from "@/lib/imports/import-fields";
import { downloadMeterEntries } from "@/lib/meter-entries/downloads";
import { db } from "@/lib/platform/database/db";
import { downloadAssignments } from "@/lib/vehicle-assignments/downloads";
import { downloadVehicles } from "@/lib/vehicles/downloads";
import { makeManyVehicles } from "@/prisma/bulk/vehicles";
import {
  makeAccountWithPeople,
  makePartnerWithPeople,
  makeSession,
  type AccountWithPeople,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { sayEvent } from "./events";

const KINDS = [
  ["vehicles", downloadVehicles, "vehicle", "exported vehicles"],
  ["contacts", downloadContacts, "contact", "exported contacts"],
  ["vehicle_assignments", downloadAssignments, "vehicleAssignment", "exported vehicle assignments"],
  ["meter_entries", downloadMeterEntries, "meterEntry", "exported meter entries"],
  ["fuel_entries", downloadFuelEntries, "fuelEntry", "exported fuel entries"],
] as const;
type Route = (typeof KINDS)[number][1];

const DAY_MS = 86_400_000;
const FORMULA = '=HYPERLINK("https://evil.example")';
let space: AccountWithPeople;
let partner: PartnerWithPeople;
let truck: { id: number };
let dana: { id: number };

async function identityOf(user: AccountWithPeople["owner"] | null): Promise<RequestIdentity> {
  const sessionToken = user === null ? null : await makeSession(user);
  return { sessionToken, requestedFrom: null, ip: "203.0.113.9", requestId: "test-export" };
}

async function ask(route: Route, input: object, user: AccountWithPeople["owner"] | null = space.member) {
  return route.invoke(await identityOf(user), space.account.token, input);
}

/** The file's rows by their columns. */
async function rowsOf(route: Route, input: object = {}): Promise<Record<string, string>[]> {
  const response = await ask(route, input);
  expect(response.status).toBe(200);
  return parse(await response.text(), { columns: true });
}

const exportsOf = (accountId: number, action: string) =>
  db().auditEntry.findMany({
    where: { accountId, action },
    orderBy: { sequence: "asc" },
    select: { actorId: true, ip: true, recordName: true, after: true },
  });

beforeAll(async () => {
  [space, partner] = [await makeAccountWithPeople(), await makePartnerWithPeople()];
  const { account } = space;
  await makeCustomField({ account, label: "Cost Center" });
  truck = await makeVehicle({
    account,
    name: "Truck 1",
    labels: ["Nord", "Süd"],
    customFields: { cost_center: "4711" },
  });
  await makeVehicle({ account, name: FORMULA });
  await makeVehicle({ account, name: "Old truck", archivedAt: new Date(0) });
  const lastName = "Müller, geb. “東京”";
  dana = await makeContact({
    account,
    firstName: "Dana",
    lastName,
    mobilePhoneNumber: "+49 30 1",
    employeeNumber: "7",
  });
  await makeContact({ account, firstName: "Tess", vehicleOperator: false, technician: true });
  const ofTruck = { account, vehicleId: truck.id };
  await makeAssignment({ ...ofTruck, contactId: dana.id });
  const past = { startedAt: new Date(Date.now() - 9 * DAY_MS), endedAt: new Date(Date.now() - 8 * DAY_MS) };
  await makeAssignment({ ...ofTruck, contactId: dana.id, ...past });
  await makeMeterEntry({ ...ofTruck, value: "500.5", date: new Date(Date.now() - 60 * DAY_MS) });
  await makeFuelEntry({ ...ofTruck, volume: "10.5000", meterValue: "1000.0" });
  const other = await makeAccountWithPeople();
  await makeFuelEntry({ account: other.account });
  await makeAssignment({ account: other.account });
});

describe.each(KINDS)("the file of %s", (record, route, noun, sentence) => {
  const action = `${noun}.exported`;

  it("is for everybody of the account, and for nobody else", async () => {
    const before = (await exportsOf(space.account.id, action)).length;
    const other = await makeAccountWithPeople();
    for (const [user, status] of [
      [space.member, 200],
      [space.administrator, 200],
      [space.owner, 200],
      [null, 401],
      [other.owner, 404],
    ] as const) {
      const response = await ask(route, {}, user);
      expect(response.status).toBe(status);
      expect(response.headers.get("cache-control")).toBe("no-store");
      await response.body?.cancel();
    }
    const hub = await route.invoke(await identityOf(partner.owner), partner.account.token, {});
    expect(hub.status).toBe(404);
    expect(await exportsOf(space.account.id, action)).toHaveLength(before + 3);
    expect(await exportsOf(partner.account.id, action)).toEqual([]);
  });

  it("is on record before its first line, with the filters that were given", async () => {
    const view = noun === "vehicle" || noun === "contact" ? { q: "dana" } : { vehicle: String(truck.id) };
    const response = await ask(route, view);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    const day = new Date().toISOString().slice(0, 10);
    const file = record.replaceAll("_", "-");
    expect(response.headers.get("content-disposition")).toBe(
      `attachment; filename="${file}-${space.account.token}-${day}.csv"`,
    );
    expect((await exportsOf(space.account.id, action)).at(-1)).toMatchObject({
      actorId: space.member.id,
      ip: "203.0.113.9",
      after: "q" in view ? view : { vehicle: truck.id },
    });
    await response.body?.cancel();
    expect(sayEvent(action)).toBe(sentence);
  });

  it("has a column for everything that an import takes, and none that an import would take for another", async () => {
    const [row = {}] = await rowsOf(route);
    const fields = importFields(record, []);
    const taken = matchColumns(Object.keys(row), fields);
    expect(Object.keys(row)).toEqual(expect.arrayContaining(fields.map(({ name }) => name)));
    expect(taken.map((name, index) => name === null || name === Object.keys(row)[index])).not.toContain(false);
    expect(Object.keys(row)).toEqual(expect.arrayContaining(["id", "created_at", "updated_at"]));
  });

  it("takes no name that the list has not", async () => {
    const response = await ask(route, { account: "798819214b" });
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining("Nothing was exported.")]);
  });
});

describe("what stands in the file", () => {
  it("vehicles: harmless in a spreadsheet, with the account's own fields, archived ones only when asked for", async () => {
    const rows = await rowsOf(downloadVehicles);
    expect(rows.map(({ name }) => name)).toEqual(["Truck 1", `'${FORMULA}`]);
    expect(rows[0]).toMatchObject({ id: String(truck.id), labels: "Nord; Süd", "custom_fields.cost_center": "4711" });
    expect((await rowsOf(downloadVehicles, { show: "archived" })).map(({ name }) => name)).toEqual(["Old truck"]);
    expect((await rowsOf(downloadVehicles, { q: "hyper" })).map(({ name }) => name)).toEqual([`'${FORMULA}`]);
    expect(await rowsOf(downloadVehicles, { status: "2147483647" })).toEqual([]);
  });

  it("contacts: by their role", async () => {
    const rows = await rowsOf(downloadContacts, { role: "operator" });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      last_name: "Müller, geb. “東京”",
      mobile_phone_number: "'+49 30 1",
      vehicle_operator: "yes",
      technician: "no",
    });
  });

  it("assignments: of a state, named by vehicle and driver", async () => {
    expect(await rowsOf(downloadAssignments)).toHaveLength(2);
    const rows = await rowsOf(downloadAssignments, { state: "current", contact: String(dana.id), q: "truck" });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ vehicle: "Truck 1", contact_id: String(dana.id), ended_at: "" });
  });

  it("entries: of a period, exact, a volume in its own unit alone", async () => {
    expect((await rowsOf(downloadMeterEntries)).map(({ value }) => value)).toEqual(["500.5", "1000.0"]);
    expect((await rowsOf(downloadMeterEntries, { period: "30d" })).map(({ value }) => value)).toEqual(["1000.0"]);
    const [fuelling] = await rowsOf(downloadFuelEntries, { period: "7d" });
    expect(fuelling).toMatchObject({
      us_gallons: "10.5",
      uk_gallons: "",
      liters: "",
      total_amount: "36.75",
      meter_value: "1000.0",
      partial: "no",
    });
  });

  it("more than a batch comes whole, each record once", async () => {
    const many = await makeAccountWithPeople();
    await makeManyVehicles(many.account, 1203);
    const response = await downloadVehicles.invoke(await identityOf(many.member), many.account.token, {});
    const ids = parse<Record<string, string>>(await response.text(), { columns: true }).map(({ id }) => Number(id));
    const there = await db().vehicle.findMany({
      where: { accountId: many.account.id, archivedAt: null },
      orderBy: { id: "asc" },
      select: { id: true },
    });
    expect(ids).toEqual(there.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(1100);
  });
});
