import { defineCreateEndpoint } from "@/lib/public-api/define-create-endpoint";
import { defineEndpoint, defineListEndpoint, defineNestedListEndpoint } from "@/lib/public-api/define-endpoint";
import { readChangesOf, readId, readRef } from "@/lib/public-api/stages/parse";
import { readVehicleRef, vehicleRefText } from "@/lib/vehicles/schema";
import { fuelEntriesOfVehicleList, fuelEntryList, listFuelEntries, listFuelEntriesOfVehicle } from "./api-queries";
import { fuelEntryShape, presentFuelEntry } from "./presenter";
import { findFuelEntry } from "./queries";
import { createFuelEntryInput, fuelEntryChangesInput } from "./schema";
import { createFuelEntries, deleteFuelEntry, editFuelEntry, holdEntry } from "./service";

const common = {
  resource: "fuel_entries",
  account: "customer",
  present: presentFuelEntry,
  shape: fuelEntryShape,
} as const;

export const getFuelEntries = defineListEndpoint({
  path: "/fuel_entries",
  permission: "fuelEntries.read",
  account: "customer",
  list: fuelEntryList,
  run: listFuelEntries,
  present: presentFuelEntry,
  shape: fuelEntryShape,
});

export const getFuelEntriesOfVehicle = defineNestedListEndpoint({
  path: "/vehicles/:id/fuel_entries",
  permission: "fuelEntries.read",
  account: "customer",
  owner: readRef(readVehicleRef, vehicleRefText),
  list: fuelEntriesOfVehicleList,
  run: listFuelEntriesOfVehicle,
  present: presentFuelEntry,
  shape: fuelEntryShape,
});

export const getFuelEntry = defineEndpoint({
  ...common,
  method: "GET",
  path: "/fuel_entries/:id",
  permission: "fuelEntries.read",
  input: readId,
  run: findFuelEntry,
});

export const postFuelEntry = defineCreateEndpoint({
  ...common,
  path: "/fuel_entries",
  permission: "fuelEntries.write",
  body: createFuelEntryInput,
  example: {
    vehicle_id: 17,
    date: "2026-11-22T08:00:00Z",
    us_gallons: "12.5",
    price_per_volume_unit: "3.49",
    meter_entry_attributes: { value: "48210.5" },
  },
  run: createFuelEntries,
});

export const patchFuelEntry = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/fuel_entries/:id",
  permission: "fuelEntries.write",
  input: readChangesOf(readId, fuelEntryChangesInput, { partial: true }),
  held: async (tx, permit, { id, changes }) => (await holdEntry(tx, permit, id, changes.vehicleId)).entry,
  run: editFuelEntry,
});

export const removeFuelEntry = defineEndpoint({
  ...common,
  method: "DELETE",
  path: "/fuel_entries/:id",
  permission: "fuelEntries.delete",
  input: readId,
  held: async (tx, permit, { id }) => (await holdEntry(tx, permit, id)).entry,
  run: deleteFuelEntry,
  present: ({ id }) => ({ id }),
});
