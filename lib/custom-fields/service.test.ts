import { beforeEach, describe, expect, it } from "vitest";

import { db } from "@/lib/platform/database/db";
import { findVehicle } from "@/lib/vehicles/queries";
import { editVehicle } from "@/lib/vehicles/service";
import {
  makeAccountWithPeople,
  makePartnerWithPeople,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle } from "@/prisma/factories/vehicles";
import { MAX_CUSTOM_FIELDS_PER_RECORD_TYPE } from "./policy";
import { countCustomFieldValues, customFieldDefinitions, customFieldIndex } from "./queries";
import { createCustomFieldInput, type CreateCustomFieldInput } from "./schema";
import { createCustomField, deleteCustomField, editCustomField, moveCustomField } from "./service";

let space: AccountWithPeople;
let other: AccountWithPeople;
const manager = (of = space) => permitFor("customFields.manage", { user: of.administrator, account: of.account });
const add = async (label: string, choice: Partial<CreateCustomFieldInput> = {}, of = space) =>
  createCustomField(await manager(of), {
    recordType: "vehicle",
    dataType: "text",
    required: false,
    choices: [],
    ...choice,
    label,
  });
const lastEntry = async ({ account } = space) =>
  db().auditEntry.findFirst({
    where: { accountId: account.id },
    orderBy: { sequence: "desc" },
    select: { action: true, recordName: true, before: true, after: true, actorName: true },
  });
const labels = async (record: "vehicle" | "contact" | null = "vehicle") =>
  (await customFieldIndex(await manager(), { record })).rows.map(({ label }) => label);

beforeEach(async () => {
  [space, other] = [await makeAccountWithPeople(), await makeAccountWithPeople()];
});

describe("adding", () => {
  it("puts the field at the end of its record type's, with a key of its label, and leaves a record of it", async () => {
    await add("Cost Center");
    const field = await add("Home Region", { dataType: "drop_down", choices: ["North", "South"], required: true });
    expect(field).toMatchObject({
      key: "home_region",
      position: 2,
      dataType: "drop_down",
      choices: ["North", "South"],
    });
    expect(await lastEntry()).toEqual({
      action: "customField.created",
      recordName: "Home Region",
      actorName: space.administrator.name,
      before: null,
      after: {
        recordType: "vehicle",
        label: "Home Region",
        dataType: "drop_down",
        required: true,
        choices: ["North", "South"],
        key: "home_region",
      },
    });
  });

  it("gives a second field of one key a number, in one record type of one account alone, also of two at once", async () => {
    const twice = await Promise.all([add("Cost Center"), add("cost center")]);
    expect(twice.map(({ key }) => key).sort()).toEqual(["cost_center", "cost_center_2"]);
    expect(await add("Cost Center", { recordType: "contact" })).toMatchObject({ key: "cost_center" });
    expect(await add("Cost Center", {}, other)).toMatchObject({ key: "cost_center" });
    expect(await add("Assegurança")).toMatchObject({ key: "asseguran_a", label: "Assegurança" });
  });

  it("leaves the keys that are there, of whatever rule", async () => {
    const { id } = await makeCustomField({ account: space.account, label: "Größe", key: "größe" });
    await makeCustomField({ account: space.account, label: "Depot", key: "depot" });
    await makeCustomField({ account: space.account, label: "Gone", key: "depot_2", deletedAt: new Date() });
    expect(await add("Größe")).toMatchObject({ key: "gr__e" });
    expect(await add("Depot")).toMatchObject({ key: "depot_3" });
    const wanted = { id, label: "Höhe", required: false, choices: [] };
    expect(await editCustomField(await manager(), wanted)).toMatchObject({ key: "größe" });
  });

  it("stops at the most that a record type may have", async () => {
    for (let count = 0; count < MAX_CUSTOM_FIELDS_PER_RECORD_TYPE; count++)
      await makeCustomField({ account: space.account });
    await expect(add("One more")).rejects.toMatchObject({ code: "limit_reached" });
    await add("One more", { recordType: "contact" });
  });

  it("is nothing for a partner, who has no records", async () => {
    const partner = await makePartnerWithPeople();
    await expect(add("Cost Center", {}, partner)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the form", () => {
  const read = (given: object) =>
    createCustomFieldInput.safeParse({
      recordType: "vehicle",
      dataType: "text",
      required: false,
      choices: [],
      ...given,
    });

  it("tidies label and choices", () => {
    const { data } = read({
      label: "  Home   Region ",
      dataType: "drop_down",
      choices: [" North", "", "North", "South"],
    });
    expect(data).toMatchObject({ label: "Home Region", choices: ["North", "South"] });
  });

  it.each([
    [{ label: "" }, "label"],
    [{ label: "__proto__" }, "label"],
    [{ label: "a\u0000b" }, "label"],
    [{ label: "x".repeat(81) }, "label"],
    [{ label: "Region", dataType: "drop_down", choices: [" "] }, "choices"],
    [{ label: "Region", choices: ["North"] }, "choices"],
    [{ label: "Region", dataType: "drop_down", choices: ["x".repeat(101)] }, "choices.0"],
    [{ label: "Region", dataType: "number" }, "dataType"],
  ])("refuses %j", (given, path) => {
    expect(read(given).error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });
});

describe("editing", () => {
  it("changes label, required and choices, and keeps the key", async () => {
    const { id } = await add("Home Region", { dataType: "drop_down", choices: ["North", "South"] });
    const wanted = { id, label: "Depot", required: true, choices: ["North", "East"] };
    expect(await editCustomField(await manager(), wanted)).toMatchObject({ key: "home_region", label: "Depot" });
    const { action, before, after } = (await lastEntry())!;
    expect({ action, before, after }).toEqual({
      action: "customField.updated",
      before: { label: "Home Region", required: false, choices: ["North", "South"] },
      after: { label: "Depot", required: true, choices: ["North", "East"] },
    });
    await editCustomField(await manager(), wanted);
    expect(await db().auditEntry.count({ where: { accountId: space.account.id } })).toBe(2);
  });

  it("leaves the value of a removed choice where it is until somebody changes it", async () => {
    const { id } = await add("Region", { dataType: "drop_down", choices: ["North", "South"] });
    const vehicle = await makeVehicle({ account: space.account, customFields: { region: "South" } });
    await editCustomField(await manager(), { id, label: "Region", required: false, choices: ["North"] });
    const writer = await permitFor("vehicles.write", { user: space.member, account: space.account });
    const change = (region: string) =>
      editVehicle(writer, { ref: { id: vehicle.id }, changes: { customFields: { region } } });
    expect((await change("South")).customFields).toEqual({ region: "South" });
    await expect(change("East")).rejects.toMatchObject({ code: "invalid_input" });
    expect((await change("North")).customFields).toEqual({ region: "North" });
    await expect(change("South")).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("keeps a drop-down one, and nothing else", async () => {
    const text = await add("Note");
    const list = await add("Region", { dataType: "drop_down", choices: ["North"] });
    for (const given of [
      { id: text.id, label: "Note", required: false, choices: ["North"] },
      { id: list.id, label: "Region", required: false, choices: [] },
    ])
      await expect(editCustomField(await manager(), given)).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("moving", () => {
  it("changes places with the neighbor, and does nothing past an end", async () => {
    const [first, , third] = [await add("A"), await add("B"), await add("C")];
    await add("Z", { recordType: "contact" });
    await moveCustomField(await manager(), { id: third.id, direction: "up" });
    expect(await labels()).toEqual(["A", "C", "B"]);
    expect(await lastEntry()).toMatchObject({ action: "customField.moved", before: { place: 3 }, after: { place: 2 } });
    await moveCustomField(await manager(), { id: first.id, direction: "up" });
    await moveCustomField(await manager(), { id: first.id, direction: "down" });
    expect(await labels()).toEqual(["C", "A", "B"]);
    const moved = await db().auditEntry.findMany({
      where: { accountId: space.account.id, action: "customField.moved" },
      orderBy: { sequence: "asc" },
    });
    // Whoever makes room has another place too, and an entry that says so.
    expect(moved.map(({ recordName, before, after }) => ({ recordName, before, after }))).toEqual([
      { recordName: "B", before: { place: 2 }, after: { place: 3 } },
      { recordName: "C", before: { place: 3 }, after: { place: 2 } },
      { recordName: "C", before: { place: 2 }, after: { place: 1 } },
      { recordName: "A", before: { place: 1 }, after: { place: 2 } },
    ]);
    const reader = await permitFor("vehicles.read", { user: space.member, account: space.account });
    expect((await customFieldDefinitions(reader, "vehicle")).map(({ label }) => label)).toEqual(["C", "A", "B"]);
  });

  it("puts an order into fields that all stand at one place, and keeps it under moves at once", async () => {
    const made = [];
    for (const label of ["A", "B", "C", "D"]) made.push(await makeCustomField({ account: space.account, label }));
    await Promise.all(made.slice(1).map(async ({ id }) => moveCustomField(await manager(), { id, direction: "up" })));
    const rows = await db().customField.findMany({ where: { accountId: space.account.id } });
    expect(rows.map(({ position }) => position).sort()).toEqual([1, 2, 3, 4]);
  });
});

describe("deleting", () => {
  it("says how many values go, and takes definition and values away from every reader at once", async () => {
    const { account } = space;
    const { id } = await add("Cost Center");
    await add("Note");
    const [vehicle] = [
      await makeVehicle({ account, customFields: { cost_center: "CC-1", note: "x" } }),
      await makeVehicle({ account, customFields: { cost_center: "CC-2" } }),
      await makeVehicle({ account, customFields: { cost_center: null } }),
    ];
    expect(await countCustomFieldValues(await manager(), { id })).toEqual({ count: 2 });
    expect(await deleteCustomField(await manager(), { id })).toEqual({ label: "Cost Center", count: 2 });
    expect(await lastEntry()).toMatchObject({
      action: "customField.deleted",
      before: { recordType: "vehicle", label: "Cost Center", key: "cost_center", dataType: "text", values: 2 },
    });
    expect(await labels()).toEqual(["Note"]);
    const reader = await permitFor("vehicles.read", { user: space.member, account });
    expect((await findVehicle(reader, { ref: { id: vehicle.id } })).customFields).toEqual({ note: "x" });
    const writer = await permitFor("vehicles.write", { user: space.member, account });
    await expect(
      editVehicle(writer, { ref: { id: vehicle.id }, changes: { customFields: { cost_center: "CC-3" } } }),
    ).rejects.toMatchObject({ code: "invalid_input" });
    await expect(add("Cost Center")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(deleteCustomField(await manager(), { id })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("another account's field", () => {
  it("is not there", async () => {
    const { id } = await add("Cost Center");
    const foreign = await manager(other);
    for (const attempt of [
      () => editCustomField(foreign, { id, label: "Mine", required: false, choices: [] }),
      () => moveCustomField(foreign, { id, direction: "up" }),
      () => deleteCustomField(foreign, { id }),
      () => countCustomFieldValues(foreign, { id }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
    expect((await customFieldIndex(foreign, { record: null })).rows).toEqual([]);
    expect(await labels()).toEqual(["Cost Center"]);
  });
});

describe("the page's rows", () => {
  it("come by record type in their order, with what may be done to each", async () => {
    await add("Q", { recordType: "fuel_entry" });
    await add("A");
    await add("B");
    await add("P", { recordType: "contact" });
    const { rows, counts } = await customFieldIndex(await manager(), { record: null });
    expect(rows.map(({ label, verbs }) => [label, verbs.length])).toEqual([
      ["A", 3],
      ["B", 3],
      ["P", 2],
      ["Q", 2],
    ]);
    expect(counts).toEqual({ vehicle: 2, contact: 1, vehicle_assignment: 0, fuel_entry: 1 });
    expect(await labels("contact")).toEqual(["P"]);
  });
});
