import { beforeAll, describe, expect, it } from "vitest";

import type { RequestIdentity } from "@/lib/auth/session";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { customFieldValues, enteredCustomFields } from "@/components/custom-fields/custom-field-inputs";
import { vehicleFieldsEntered, vehicleValues } from "@/components/vehicles/vehicle-fields";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import {
  makeAccountWithPeople,
  makeSession,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import { makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import {
  archiveVehicleAction,
  createVehicleAction,
  deleteVehicleAction,
  editVehicleAction,
  restoreVehicleAction,
} from "./actions";
import { getVehicle } from "./list-vehicle-rows";

let people: AccountWithPeople;
let base: { vehicle_type_id: string; vehicle_status_id: string; primary_meter_unit: string };

beforeAll(async () => {
  people = await makeAccountWithPeople();
  const { types, statuses } = await makeVehicleSettings(people.account);
  base = {
    vehicle_type_id: String(types[0]!.id),
    vehicle_status_id: String(statuses[0]!.id),
    primary_meter_unit: "mi",
  };
});

async function as(
  role: "owner" | "administrator" | "member",
  whose: AccountWithPeople = people,
): Promise<RequestIdentity> {
  const sessionToken = await makeSession(whose[role]);
  return { sessionToken, requestedFrom: env().APP_URL, ip: "203.0.113.7", requestId: "test" };
}
const lastEntry = () =>
  db().auditEntry.findFirst({ where: { accountId: people.account.id }, orderBy: { sequence: "desc" } });

describe("a member", () => {
  it("adds a vehicle with what the form holds, and the log says who", async () => {
    await makeCustomField({ account: people.account, label: "Cost Center", key: "cost_center", required: true });
    const token = people.account.token;
    const form = { ...base, name: "Van 7", vin: "", year: "2021", in_service_date: "", labels: ["cold", "north"] };
    const refused = await createVehicleAction.invoke(await as("member"), token, form);
    expect(refused).toMatchObject({
      ok: false,
      error: { code: "invalid_input", fields: { "custom_fields.cost_center": ["can't be blank"] } },
    });
    const given = { ...form, custom_fields: { cost_center: "4711" } };
    const added = await createVehicleAction.invoke(await as("member"), token, given);
    expect(added).toMatchObject({
      ok: true,
      value: { name: "Van 7", vin: null, year: 2021, labels: ["cold", "north"], customFields: { cost_center: "4711" } },
    });
    expect(await lastEntry()).toMatchObject({ action: "vehicle.created", actorName: people.member.name });
  });

  it("changes only what is sent, archives and restores", async () => {
    const vehicle = await makeVehicle({ account: people.account, name: "Van 8", licensePlate: "A 1" });
    const token = people.account.token;
    const input = { id: vehicle.id, license_plate: "B 2" };
    expect(await editVehicleAction.invoke(await as("member"), token, input)).toMatchObject({
      ok: true,
      value: { name: "Van 8", licensePlate: "B 2", vin: vehicle.vin },
    });
    expect(await archiveVehicleAction.invoke(await as("member"), token, { id: vehicle.id })).toMatchObject({
      ok: true,
    });
    expect(await lastEntry()).toMatchObject({ action: "vehicle.archived" });
    expect(await restoreVehicleAction.invoke(await as("member"), token, { id: vehicle.id })).toMatchObject({
      ok: true,
      value: { archivedAt: null },
    });
  });

  it("deletes nothing", async () => {
    const vehicle = await makeVehicle({ account: people.account });
    expect(
      await deleteVehicleAction.invoke(await as("member"), people.account.token, { id: vehicle.id }),
    ).toMatchObject({
      ok: false,
      error: { code: "forbidden" },
    });
  });
});

describe("an administrator", () => {
  it("deletes a vehicle without a history; of one with it hears what stands in the way", async () => {
    const [fresh, used] = [
      await makeVehicle({ account: people.account }),
      await makeVehicle({ account: people.account, name: "Used" }),
    ];
    await makeMeterEntry({ account: people.account, vehicleId: used.id });
    const token = people.account.token;
    expect(await deleteVehicleAction.invoke(await as("administrator"), token, { id: used.id })).toMatchObject({
      ok: false,
      error: { message: "Used has 1 meter entry and can't be deleted. Archive the vehicle instead." },
    });
    expect(await deleteVehicleAction.invoke(await as("administrator"), token, { id: fresh.id })).toMatchObject({
      ok: true,
    });
    expect(await db().vehicle.count({ where: { accountId: people.account.id, id: fresh.id } })).toBe(0);
  });
});

describe("what is refused", () => {
  it("a field that no form has, a tenant among them", async () => {
    for (const extra of [{ account_id: 1 }, { accountId: 1 }, { is_sample: true }, { nonsense: 1 }]) {
      const input = { ...base, name: "Van 9", ...extra };
      expect(await createVehicleAction.invoke(await as("owner"), people.account.token, input)).toMatchObject({
        ok: false,
        error: { code: "invalid_input" },
      });
    }
  });

  it("each field by its name", async () => {
    const input = { ...base, name: " ", vin: "TOO SHORT", vehicle_type_id: "", year: "soon", ownership: "stolen" };
    const answer = await createVehicleAction.invoke(await as("owner"), people.account.token, input);
    const fields = answer.ok ? {} : answer.error.fields;
    expect(Object.keys(fields).sort()).toEqual(["name", "ownership", "vehicle_type_id", "vin", "year"]);
  });

  it("another account's vehicle, like one that is not there", async () => {
    const other = await makeAccountWithPeople();
    const foreign = await makeVehicle({ account: other.account });
    for (const id of [foreign.id, 2_147_483_647]) {
      for (const action of [archiveVehicleAction, restoreVehicleAction, deleteVehicleAction]) {
        expect(await action.invoke(await as("owner"), people.account.token, { id })).toMatchObject({
          ok: false,
          error: { code: "not_found" },
        });
      }
      expect(
        await editVehicleAction.invoke(await as("owner"), people.account.token, { id, name: "Mine" }),
      ).toMatchObject({ ok: false, error: { code: "not_found" } });
    }
  });

  it("a partner's account has no vehicles", async () => {
    const partner = await makeAccountWithPeople({ kind: "partner" });
    await makeVehicleSettings(partner.account);
    const input = { name: "Van 10", vehicle_type_name: "Car", vehicle_status_name: "Active", primary_meter_unit: "mi" };
    expect(await createVehicleAction.invoke(await as("owner", partner), partner.account.token, input)).toMatchObject({
      ok: false,
      error: { code: "not_found" },
    });
  });
});

describe("two people who edit a vehicle at once", () => {
  it("each change what they changed", async () => {
    const { id } = await makeVehicle({ account: people.account, make: "Ford", color: "red" });
    const token = people.account.token;
    const make = { id, make: "Opel", seen: { make: "Ford" } };
    expect(await editVehicleAction.invoke(await as("member"), token, make)).toMatchObject({ ok: true });
    const color = { id, color: "blue", seen: { color: "red" } };
    expect(await editVehicleAction.invoke(await as("owner"), token, color)).toMatchObject({
      ok: true,
      value: { make: "Opel", color: "blue" },
    });
  });

  it("are told of each other where it is the same", async () => {
    const { id } = await makeVehicle({ account: people.account, make: "Ford", color: "red" });
    const token = people.account.token;
    await editVehicleAction.invoke(await as("member"), token, { id, make: "Opel", seen: { make: "Ford" } });
    const late = { id, make: "Fiat", color: "blue", seen: { make: "Ford", color: "red" } };
    expect(await editVehicleAction.invoke(await as("owner"), token, late)).toMatchObject({
      ok: false,
      error: { code: "conflict", fields: { make: ["was changed by somebody else meanwhile"] } },
    });
    expect(await db().vehicle.findFirst({ where: { id } })).toMatchObject({ make: "Opel", color: "red" });
    const knowing = { ...late, seen: { make: "Opel", color: "red" } };
    expect(await editVehicleAction.invoke(await as("owner"), token, knowing)).toMatchObject({
      ok: true,
      value: { make: "Fiat", color: "blue" },
    });
  });

  it("see in the form what the record holds, whatever it holds", async () => {
    const account = people.account;
    const choices = ["A", "B"];
    await makeCustomField({ account, label: "Depot", dataType: "drop_down", choices });
    await makeCustomField({ account, label: "Keyed", dataType: "checkbox" });
    const { id } = await makeVehicle({
      account,
      year: 2021,
      labels: ["cold, very", "north"],
      inServiceDate: new Date("2024-02-29"),
      inServiceMeterValue: "10",
      outOfServiceMeterValue: "1234.5",
      estimatedServiceMonths: 60,
      estimatedResalePrice: "12000.5",
      estimatedReplacementMileage: "200000",
      customFields: { cost_center: "4711", depot: "A" },
    });
    const vehicle = await getVehicle(await permitFor("vehicles.read", { user: people.owner, account }), id);
    const definitions = await customFieldDefinitions(
      await permitFor("vehicles.read", { user: people.owner, account }),
      "vehicle",
    );
    const shown = { ...vehicleValues(vehicle), ...customFieldValues(definitions, vehicle.customFields) };
    const seen = {
      ...vehicleFieldsEntered(shown),
      labels: [...vehicle.labels],
      custom_fields: enteredCustomFields(definitions, shown),
    };
    const other = { make: "Fiat", year: "2020", labels: [], in_service_date: "", estimated_resale_price_cents: "1" };
    const wanted = { ...other, in_service_meter_value: "9", custom_fields: { depot: "B", keyed: true } };
    expect(await editVehicleAction.invoke(await as("owner"), account.token, { id, ...wanted, seen })).toMatchObject({
      ok: true,
      value: { make: "Fiat", year: 2020, inServiceMeterValue: "9.0" },
    });
  });
});
