import { defineCreateEndpoint } from "@/lib/public-api/define-create-endpoint";
import { defineEndpoint, defineListEndpoint, defineNestedListEndpoint } from "@/lib/public-api/define-endpoint";
import { readChangesOf, readId, readRef } from "@/lib/public-api/stages/parse";
import { readVehicleRef, vehicleRefText } from "@/lib/vehicles/schema";
import { listMeterEntries, listMeterEntriesOfVehicle, meterEntriesOfVehicleList, meterEntryList } from "./api-queries";
import { meterEntryShape, presentMeterEntry } from "./presenter";
import { findMeterEntry } from "./queries";
import { createMeterEntryInput, meterEntryChangesInput } from "./schema";
import { createMeterEntries, deleteMeterEntry, editMeterEntry, holdEntry } from "./service";

const common = {
  resource: "meter_entries",
  account: "customer",
  present: presentMeterEntry,
  shape: meterEntryShape,
} as const;

export const getMeterEntries = defineListEndpoint({
  path: "/meter_entries",
  permission: "meterEntries.read",
  account: "customer",
  list: meterEntryList,
  run: listMeterEntries,
  present: presentMeterEntry,
  shape: meterEntryShape,
});

export const getMeterEntriesOfVehicle = defineNestedListEndpoint({
  path: "/vehicles/:id/meter_entries",
  permission: "meterEntries.read",
  account: "customer",
  owner: readRef(readVehicleRef, vehicleRefText),
  list: meterEntriesOfVehicleList,
  run: listMeterEntriesOfVehicle,
  present: presentMeterEntry,
  shape: meterEntryShape,
});

export const getMeterEntry = defineEndpoint({
  ...common,
  method: "GET",
  path: "/meter_entries/:id",
  permission: "meterEntries.read",
  input: readId,
  run: findMeterEntry,
});

export const postMeterEntry = defineCreateEndpoint({
  ...common,
  path: "/meter_entries",
  note: "A time that comes with the date is kept as `taken_at` (midnight says no more than the day), and puts the readings of a day in order; of those without one the highest counts. A reading that has the meter run back is a 422 that names its neighbours, unless it is void. None may be later than in 24 hours.",
  permission: "meterEntries.write",
  body: createMeterEntryInput,
  example: { vehicle_id: 17, value: "48210.5", date: "2026-11-22" },
  run: createMeterEntries,
});

export const patchMeterEntry = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/meter_entries/:id",
  permission: "meterEntries.write",
  input: readChangesOf(readId, meterEntryChangesInput, { value: "48211.0" }),
  held: (tx, permit, { id, changes }) => holdEntry(tx, permit, id, changes.vehicleId),
  run: editMeterEntry,
});

export const removeMeterEntry = defineEndpoint({
  ...common,
  method: "DELETE",
  path: "/meter_entries/:id",
  permission: "meterEntries.delete",
  input: readId,
  held: (tx, permit, { id }) => holdEntry(tx, permit, id),
  run: deleteMeterEntry,
  present: ({ id }) => ({ id }),
});
