import { describe, expect, it } from "vitest";

import type { User } from "@/generated/prisma/client";
import { createFuelEntryAction, deleteFuelEntryAction, editFuelEntryAction } from "@/lib/fuel-entries/actions";
import { env } from "@/lib/platform/env";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccountWithPeople, makeSession, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { createMeterEntryAction, deleteMeterEntryAction, editMeterEntryAction } from "./actions";

const identity = async (user: Pick<User, "id">) => ({
  sessionToken: await makeSession(user),
  requestedFrom: env().APP_URL,
  ip: "203.0.113.7",
  requestId: null,
});
type Action = { invoke: (by: Awaited<ReturnType<typeof identity>>, token: string, input: unknown) => Promise<unknown> };
const invoke = async (action: Action, { account, member }: AccountWithPeople, input: object, by: User = member) =>
  action.invoke(await identity(by), account.token, input);
const deeds = async ({ account }: AccountWithPeople) =>
  (await bookkeepingDb().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } })).map(
    ({ action }) => action,
  );

describe("meter entries in the console", () => {
  it("are added, changed and deleted; the vehicle's meter goes along", async () => {
    const people = await makeAccountWithPeople();
    const vehicle = await makeVehicle({ account: people.account });
    const input = {
      vehicle_id: String(vehicle.id),
      value: "1,5",
      date: "2026-01-01",
      meter_type: "primary",
      void: false,
    };
    expect(await invoke(createMeterEntryAction, people, input)).toMatchObject({
      ok: false,
      error: { fields: { value: ["must be a number that is not negative"] } },
    });
    const made = await invoke(createMeterEntryAction, people, { ...input, value: "500" });
    expect(made).toMatchObject({ ok: true, value: { value: "500.0", vehicleId: vehicle.id } });
    const { id } = (made as { value: { id: number } }).value;
    await makeMeterEntry({
      account: people.account,
      vehicleId: vehicle.id,
      value: "600",
      date: new Date("2026-02-01"),
    });
    expect(await invoke(editMeterEntryAction, people, { id, value: "700" })).toMatchObject({
      ok: false,
      error: { fields: { value: [expect.stringMatching(/^must be at most 600\.0 \(entry \d+ of 2026-02-01\)/)] } },
    });
    expect(await invoke(editMeterEntryAction, people, { id, value: "550" })).toMatchObject({ ok: true });
    expect(await invoke(deleteMeterEntryAction, people, { id })).toMatchObject({ error: { code: "forbidden" } });
    expect(await invoke(deleteMeterEntryAction, people, { id }, people.administrator)).toMatchObject({ ok: true });
    expect(await deeds(people)).toEqual([
      "meterEntry.created",
      "vehicle.meterMoved",
      "meterEntry.updated",
      "vehicle.meterMoved",
      "meterEntry.deleted",
      "vehicle.meterMoved",
    ]);
  });

  it("take no field that they do not know, and touch no other account's", async () => {
    const people = await makeAccountWithPeople();
    const foreign = await makeMeterEntry({ account: (await makeAccountWithPeople()).account });
    const { id, vehicleId } = foreign;
    expect(await invoke(editMeterEntryAction, people, { id, account_id: 1 })).toMatchObject({
      error: { code: "invalid_input" },
    });
    expect(await invoke(editMeterEntryAction, people, { id, value: 1 })).toMatchObject({
      error: { code: "not_found" },
    });
    expect(await invoke(deleteMeterEntryAction, people, { id }, people.owner)).toMatchObject({
      error: { code: "not_found" },
    });
    expect(
      await invoke(createMeterEntryAction, people, { vehicle_id: vehicleId, value: 1, date: "2026-01-01" }),
    ).toMatchObject({ error: { fields: { vehicle_id: ["must exist"] } } });
    expect(await deeds(people)).toEqual([]);
  });
});

describe("fuel entries in the console", () => {
  it("are added, changed and deleted, with their reading", async () => {
    const people = await makeAccountWithPeople();
    const vehicle = await makeVehicle({ account: people.account });
    const input = {
      vehicle_id: String(vehicle.id),
      date: "2026-01-01T10:00:00.000Z",
      liters: "40",
      price_per_volume_unit: "1.5",
      total_amount: "",
      partial: false,
      meter_entry_attributes: { value: "900", void: false },
    };
    const made = await invoke(createFuelEntryAction, people, input);
    expect(made).toMatchObject({ ok: true, value: { volumeUnits: "liters", totalAmount: "60.00" } });
    const { id } = (made as { value: { id: number } }).value;
    expect(await invoke(editFuelEntryAction, people, { id, meter_entry_attributes: { value: null } })).toMatchObject({
      ok: true,
      value: { meterEntry: null },
    });
    expect(await invoke(deleteFuelEntryAction, people, { id })).toMatchObject({ error: { code: "forbidden" } });
    expect(await invoke(deleteFuelEntryAction, people, { id }, people.owner)).toMatchObject({ ok: true });
    expect(await deeds(people)).toEqual([
      ...["fuelEntry.created", "meterEntry.created", "vehicle.meterMoved"],
      ...["fuelEntry.updated", "meterEntry.deleted", "vehicle.meterMoved"],
      "fuelEntry.deleted",
    ]);
  });

  it("touch no other account's", async () => {
    const people = await makeAccountWithPeople();
    const { id } = await makeFuelEntry({ account: (await makeAccountWithPeople()).account });
    for (const action of [editFuelEntryAction, deleteFuelEntryAction])
      expect(await invoke(action, people, { id }, people.owner)).toMatchObject({ error: { code: "not_found" } });
  });
});
