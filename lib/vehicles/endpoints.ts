import { defineCreateEndpoint } from "@/lib/public-api/define-create-endpoint";
import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readChangesOf, readRef } from "@/lib/public-api/stages/parse";
import { vinWarning } from "./policy";
import { presentVehicle, vehicleShape, type VehicleRecord } from "./presenter";
import { archivedVehicleList, findVehicle, listArchivedVehicles, listVehicles, vehicleList } from "./queries";
import { createVehicleInput, readVehicleRef, vehicleRefText, vehicleChangesInput } from "./schema";
import { archiveVehicle, createVehicles, deleteVehicle, editVehicle, restoreVehicle, holdVehicle } from "./service";

const readVehicle = readRef(readVehicleRef, vehicleRefText);
const common = { resource: "vehicles", account: "customer", present: presentVehicle, shape: vehicleShape } as const;
const warn = ({ vin }: VehicleRecord) => vinWarning(vin);

export const getVehicles = defineListEndpoint({
  path: "/vehicles",
  note: "Archived vehicles are left out unless `include_archived=1`.",
  permission: "vehicles.read",
  account: "customer",
  list: vehicleList,
  run: listVehicles,
  present: presentVehicle,
  shape: vehicleShape,
});

export const getArchivedVehicles = defineListEndpoint({
  path: "/vehicles/archived",
  permission: "vehicles.read",
  account: "customer",
  list: archivedVehicleList,
  run: listArchivedVehicles,
  present: presentVehicle,
  shape: vehicleShape,
});

export const getVehicle = defineEndpoint({
  ...common,
  method: "GET",
  path: "/vehicles/:id",
  permission: "vehicles.read",
  input: readVehicle,
  run: findVehicle,
});

export const postVehicle = defineCreateEndpoint({
  ...common,
  path: "/vehicles",
  note: "Needs a name, a type, a status and the unit of the primary meter. Type and status are named by id or by name (`vehicle_type_name`, `vehicle_status_name`).",
  permission: "vehicles.write",
  body: createVehicleInput,
  example: {
    name: "Van 12",
    vehicle_type_name: "Van",
    vehicle_status_name: "Active",
    primary_meter_unit: "mi",
    vin: "1FTFW1ET5DFC10312",
  },
  run: createVehicles,
  warn,
});

export const patchVehicle = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/vehicles/:id",
  note: "`archived_at` archives now, whatever date it says; null restores. Values of meters follow from readings: written here they are ignored. Of `primary_meter_unit` and `meter_unit`, two names of one thing, the one that differs from what is there counts.",
  permission: "vehicles.write",
  input: readChangesOf(readVehicle, vehicleChangesInput, { license_plate: "7ABC123" }),
  held: (tx, permit, { ref }) => holdVehicle(tx, permit, ref),
  run: editVehicle,
  warn,
});

export const patchVehicleArchive = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/vehicles/:id/archive",
  permission: "vehicles.write",
  input: readVehicle,
  held: (tx, permit, { ref }) => holdVehicle(tx, permit, ref),
  run: archiveVehicle,
  saysNothing: true,
});

export const patchVehicleRestore = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/vehicles/:id/restore",
  permission: "vehicles.write",
  input: readVehicle,
  held: (tx, permit, { ref }) => holdVehicle(tx, permit, ref),
  run: restoreVehicle,
  saysNothing: true,
});

export const removeVehicle = defineEndpoint({
  ...common,
  method: "DELETE",
  path: "/vehicles/:id",
  note: "A vehicle that has assignments or entries cannot be deleted (422): archive it instead.",
  permission: "vehicles.delete",
  input: readVehicle,
  held: (tx, permit, { ref }) => holdVehicle(tx, permit, ref),
  run: deleteVehicle,
});
