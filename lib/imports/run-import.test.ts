import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { countStatements } from "@/testing/count-statements";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle, makeVehicleStatus, makeVehicleType } from "@/prisma/factories/vehicles";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { raceRightsChange } from "@/testing/race-rights-change";
import { IMPORT_WRITERS } from "@/server/import-writers";
import { findImport } from "./queries";
import { defineRunImport } from "./run-import";
import type { ImportedRecord } from "@/lib/resources";
import { startImport, uploadImport } from "./service";

/** As many rows a batch however slow the machine is. */
const SIZE = { rowsAtOnce: 10, rowsTogether: 4, mostMs: Infinity };
const job = defineRunImport(IMPORT_WRITERS, SIZE);
let space: AccountWithPeople;

const importer = (user = space.member) => permitFor("imports.manage", { user, account: space.account });

/** Uploaded and started, every column as it was matched. */
async function started(record: ImportedRecord, lines: readonly string[], user = space.member): Promise<number> {
  const permit = await importer(user);
  const { id } = await uploadImport(permit, { record, name: "fleet.csv" }, Buffer.from(lines.join("\r\n")));
  const { columns } = await findImport(permit, { id }, { rows: null, after: 0 });
  await startImport(permit, { id, columns: [...columns] });
  return id;
}

async function runThrough(id: number): Promise<void> {
  for (let batches = 0; batches < 60 && (await find(id)).finishedAt === null; batches++) await job.perform({ id });
}

const find = (id: number) => db().import.findUniqueOrThrow({ where: { id } });
const outcomes = async (id: number) =>
  (
    await db().importRow.findMany({ where: { accountId: space.account.id, importId: id }, orderBy: { number: "asc" } })
  ).map(({ number, recordId, refusal }) => [number, recordId === null ? refusal : "added"]);
const entries = (action: string) =>
  db().auditEntry.findMany({
    where: { accountId: space.account.id, action },
    orderBy: { sequence: "asc" },
    select: { actorId: true, ip: true },
  });
const vehicleLines = (count: number) => [
  "Name,Type,Status,Meter unit",
  ...Array.from({ length: count }, (_, index) => `Van ${index + 1},Van,Active,mi`),
];

beforeEach(async () => {
  space = await makeAccountWithPeople();
  const { account } = space;
  await makeVehicleType({ account, name: "Van" });
  await makeVehicleStatus({ account, name: "Active" });
});

describe("an import of vehicles", () => {
  it("adds what can be added as the one who began it, names what cannot, and leaves nothing half-written", async () => {
    await makeCustomField({ account: space.account, label: "Cost Center" });
    await makeVehicle({ account: space.account, name: "Van 1" });
    const id = await started("vehicles", [
      "Name;VIN;Type;Status;Meter unit;Cost Center",
      "Van 1;;Van;Active;mi;",
      "Van 2;1FTFW1ET5DFC10312;van;active;MI;CC-1",
      "Van 3;short;Van;Active;mi;",
      ";;Van;Active;mi;",
      "Van 5;1FTFW1ET5DFC10312;Van;Active;mi;",
      "Van 6;;Ship;Active;mi;",
      "Van 7;;Van;Active;mi;CC-2",
    ]);
    await runThrough(id);
    expect(await outcomes(id)).toEqual([
      [2, "Name: has already been taken"],
      [3, "added"],
      [4, "VIN: must have 17 letters and digits, without I, O and Q"],
      [5, "Name: can't be blank"],
      [6, "VIN: has already been taken"],
      [7, "Type: “Ship” does not exist in this account"],
      [8, "added"],
    ]);
    expect(await find(id)).toMatchObject({ addedCount: 2, refusedCount: 5, stoppedBecause: null });
    expect((await find(id)).finishedAt).not.toBeNull();
    const made = await db().vehicle.findMany({ where: { accountId: space.account.id }, orderBy: { id: "asc" } });
    expect(made.map(({ name, customFields }) => [name, customFields])).toEqual([
      ["Van 1", {}],
      ["Van 2", { cost_center: "CC-1" }],
      ["Van 7", { cost_center: "CC-2" }],
    ]);
    expect(await entries("vehicle.created")).toEqual(
      [1, 2].map(() => ({ actorId: space.member.id, ip: "203.0.113.7" })),
    );
    expect(await entries("import.started")).toHaveLength(1);
  });

  it("goes in batches, each with its progress and the job for the next", async () => {
    const id = await started("vehicles", vehicleLines(13));
    await job.perform({ id });
    expect(await find(id)).toMatchObject({ addedCount: 10, lastRow: 11, finishedAt: null });
    await runThrough(id);
    expect(await find(id)).toMatchObject({ addedCount: 13, refusedCount: 0, lastRow: 14 });
    await job.perform({ id });
    expect(await db().vehicle.count({ where: { accountId: space.account.id } })).toBe(13);
  });

  it("writes many rows by one statement, and finds the bad ones among them as if each had come alone", async () => {
    const id = await started(
      "vehicles",
      vehicleLines(30).with(4, "Van 3,Van,Active,mi").with(9, "Van 30,Van,Active,mi"),
    );
    const wide = defineRunImport(IMPORT_WRITERS, { rowsAtOnce: 100, rowsTogether: 25, mostMs: Infinity });
    await wide.perform({ id });
    const taken = "Name: has already been taken";
    const rows = await db().importRow.findMany({
      where: { accountId: space.account.id, importId: id },
      orderBy: { number: "asc" },
    });
    expect(rows.flatMap(({ number, refusal }) => (refusal === null ? [] : [[number, refusal]]))).toEqual([
      [5, taken],
      [31, taken],
    ]);
    for (const { recordId, cells } of rows.filter(({ refusal }) => refusal === null))
      expect(await db().vehicle.findUnique({ where: { id: recordId ?? 0 } })).toMatchObject({ name: cells[0] });
    expect(await entries("vehicle.created")).toHaveLength(28);
  });

  it("sends a few statements for many rows", async () => {
    const statements = async (rows: number) => {
      const id = await started("vehicles", [
        "Name,Type,Status,Meter unit",
        ...Array.from({ length: rows }, (_, index) => `Lot ${rows} ${index},Van,Active,mi`),
      ]);
      const wide = defineRunImport(IMPORT_WRITERS, { rowsAtOnce: 100, rowsTogether: 100, mostMs: Infinity });
      return countStatements(() => wide.perform({ id }));
    };
    expect(await statements(60)).toBe(await statements(2));
  });

  it("ends a batch early on a slow machine, and comes to the end all the same", async () => {
    const id = await started("vehicles", vehicleLines(3));
    const slow = defineRunImport(IMPORT_WRITERS, { rowsAtOnce: 10, rowsTogether: 1, mostMs: -1 });
    for (const added of [1, 2, 3]) {
      await slow.perform({ id });
      expect(await find(id)).toMatchObject({ addedCount: added, lastRow: added + 1 });
    }
    await slow.perform({ id });
    expect((await find(id)).finishedAt).not.toBeNull();
  });

  it("writes no row twice when a batch breaks off, and none when two work at once", async () => {
    const id = await started("vehicles", vehicleLines(20));
    const add = vi.fn();
    const writers = {
      ...IMPORT_WRITERS,
      vehicles: (authContext: Parameters<typeof IMPORT_WRITERS.vehicles>[0]) => {
        const { permit, write } = IMPORT_WRITERS.vehicles(authContext);
        return {
          permit,
          write: async (given: readonly unknown[]) => {
            add();
            if (add.mock.calls.length > 1) throw new Error("the process ends here");
            return write(given);
          },
        };
      },
    };
    const breaking = defineRunImport(writers, SIZE);
    await expect(breaking.perform({ id })).rejects.toThrow("the process ends here");
    expect(await db().vehicle.count({ where: { accountId: space.account.id } })).toBe(0);
    expect(await entries("vehicle.created")).toEqual([]);
    expect(await find(id)).toMatchObject({ addedCount: 0, lastRow: 0 });
    await Promise.all([job.perform({ id }), job.perform({ id })]);
    await runThrough(id);
    expect(await db().vehicle.count({ where: { accountId: space.account.id } })).toBe(20);
    expect(await entries("vehicle.created")).toHaveLength(20);
    expect(await find(id)).toMatchObject({ addedCount: 20, refusedCount: 0 });
  });

  it("stops where the person's right ends", async () => {
    const id = await started("vehicles", vehicleLines(3));
    await bookkeepingDb().membership.deleteMany({ where: { accountId: space.account.id, userId: space.member.id } });
    await job.perform({ id });
    const stopped = await find(id);
    expect([stopped.addedCount, stopped.finishedAt !== null]).toEqual([0, true]);
    expect(stopped.stoppedBecause).toContain("may not add such records any more");
    await job.perform({ id });
    expect(await db().vehicle.count({ where: { accountId: space.account.id } })).toBe(0);
  });

  it("stops where it ends between two batches, and where a batch has begun; who was given another role goes on", async () => {
    const { account, owner, member } = space;
    const id = await started("vehicles", vehicleLines(3));
    const removed = { accountId: account.id, userId: member.id };
    await raceRightsChange(
      account,
      () => job.perform({ id }),
      (tx) => tx.membership.deleteMany({ where: removed }),
    );
    expect((await find(id)).stoppedBecause).toContain("may not add such records any more");
    expect(await db().vehicle.count({ where: { accountId: account.id } })).toBe(0);

    const owners = await started("vehicles", vehicleLines(3), owner);
    const demoted = { accountId: account.id, userId: owner.id };
    const broken = raceRightsChange(
      account,
      () => job.perform({ id: owners }),
      (tx) => tx.membership.updateMany({ where: demoted, data: { role: "member" } }),
    );
    await expect(broken).rejects.toMatchObject({ code: "conflict" });
    await job.perform({ id: owners });
    expect(await find(owners)).toMatchObject({ addedCount: 3, stoppedBecause: null });
  });
});

describe("imports of other records", () => {
  it("adds contacts, custom fields among them", async () => {
    await makeCustomField({
      account: space.account,
      label: "Depot",
      recordType: "contact",
      dataType: "drop_down",
      choices: ["North"],
    });
    const id = await started("contacts", [
      "First name,Last name,E-mail,Employee number,Vehicle operator,Depot",
      "Dana,Diaz,dana@example.com,7,Yes,North",
      "Dan,Diaz,dan@example.com,7,no,",
      "Deb,Diaz,no address,9,no,South",
    ]);
    await runThrough(id);
    expect(await outcomes(id)).toEqual([
      [2, "added"],
      [3, "Employee number: has already been taken"],
      [4, "E-mail: is not an e-mail address"],
    ]);
    const [dana] = await db().contact.findMany({ where: { accountId: space.account.id } });
    expect(dana).toMatchObject({ name: "Dana Diaz", vehicleOperator: true, customFields: { depot: "North" } });
  });

  it("finds vehicles by name or VIN and contacts by name, e-mail or employee number, of this account alone", async () => {
    const { account } = space;
    const vin = "1FTFW1ET5DFC10312";
    await makeVehicle({ account, name: "Van 1", vin });
    const other = await makeAccountWithPeople();
    await makeVehicle({ account: other.account, name: "Foreign" });
    await makeContact({ account, firstName: "Dana", lastName: "Diaz", email: "dana@example.com", employeeNumber: "7" });
    for (const email of ["a@example.com", "b@example.com"])
      await makeContact({ account, firstName: "Sam", lastName: "Twice", email });
    const id = await started("vehicle_assignments", [
      "Vehicle,Contact,Start,End",
      "Van 1,Dana Diaz,2026-01-01,2026-02-01",
      `${vin.toLowerCase()},dana@example.com,2026-03-01,2026-04-01`,
      "Van 1,7,2026-05-01,2026-06-01",
      "Van 1,Sam Twice,2026-07-01,2026-08-01",
      "Foreign,Nobody,2026-07-01,2026-08-01",
      "Van 1,7,2026-05-10,2026-05-11",
    ]);
    await runThrough(id);
    const rows = await outcomes(id);
    expect(rows.slice(0, 5)).toEqual([
      [2, "added"],
      [3, "added"],
      [4, "added"],
      [5, "Contact: several contacts are called “Sam Twice”; name one by e-mail address or employee number"],
      [
        6,
        "Vehicle: there is no vehicle with the name or VIN “Foreign”; Contact: there is no contact with the name, e-mail address or employee number “Nobody”",
      ],
    ]);
    expect(rows[5]?.[1]).toContain("overlaps");
  });

  it("moves meters by readings and fuellings", async () => {
    const vehicle = await makeVehicle({ account: space.account, name: "Van 1" });
    const readings = await started("meter_entries", [
      "vehicle,value,date",
      "Van 1,1000,2026-01-01",
      "Van 1,x,2026-01-02",
    ]);
    await runThrough(readings);
    expect(await outcomes(readings)).toEqual([
      [2, "added"],
      [3, "Meter value: must be a number that is not negative"],
    ]);
    const fuel = await started("fuel_entries", [
      "Vehicle,Date,US gallons,Price per unit,Meter value,Partial",
      "Van 1,2026-02-01,10,3.5,1250.5,no",
      "Van 1,2026-02-02,,,,",
    ]);
    await runThrough(fuel);
    expect(await outcomes(fuel)).toEqual([
      [2, "added"],
      [3, "US gallons: can't be blank"],
    ]);
    const after = await db().vehicle.findUniqueOrThrow({ where: { id: vehicle.id } });
    expect(Number(after.primaryMeterValue)).toBe(1250.5);
    expect(await entries("fuelEntry.created")).toHaveLength(1);
  });
});

describe("what is not to be run", () => {
  it("is left alone: not started, finished, unknown", async () => {
    const permit = await importer();
    const { id } = await uploadImport(
      permit,
      { record: "vehicles", name: "x.csv" },
      Buffer.from(vehicleLines(1).join("\n")),
    );
    await job.perform({ id });
    await job.perform({ id: 2_147_483_647 });
    expect(await db().vehicle.count({ where: { accountId: space.account.id } })).toBe(0);
    await expect(job.perform({ id: randomUUID() })).rejects.toThrow();
  });
});
