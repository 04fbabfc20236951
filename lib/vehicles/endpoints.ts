import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readBody, readChangesOf, readRef } from "@/lib/public-api/stages/parse";
import { vinWarning } from "./policy";
import { presentVehicle, vehicleShape, type VehicleRecord } from "./presenter";
import { archivedVehicleList, findVehicle, listArchivedVehicles, listVehicles, vehicleList } from "./queries";
import { createVehicleInput, readVehicleRef, vehicleRefText, vehicleChangesInput } from "./schema";
import { archiveVehicle, createVehicle, deleteVehicle, editVehicle, restoreVehicle } from "./service";

const readVehicle = readRef(readVehicleRef, vehicleRefText);
const common = { resource: "vehicles", account: "customer", present: presentVehicle, shape: vehicleShape } as const;
const warn = ({ vin }: VehicleRecord) => vinWarning(vin);

export const getVehicles = defineListEndpoint({
  path: "/vehicles",
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

export const postVehicle = defineEndpoint({
  ...common,
  method: "POST",
  path: "/vehicles",
  permission: "vehicles.write",
  input: readBody(createVehicleInput),
  run: createVehicle,
  warn,
});

export const patchVehicle = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/vehicles/:id",
  permission: "vehicles.write",
  input: readChangesOf(readVehicle, vehicleChangesInput),
  run: editVehicle,
  warn,
});

export const patchVehicleArchive = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/vehicles/:id/archive",
  permission: "vehicles.write",
  input: readVehicle,
  run: archiveVehicle,
});

export const patchVehicleRestore = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/vehicles/:id/restore",
  permission: "vehicles.write",
  input: readVehicle,
  run: restoreVehicle,
});

export const removeVehicle = defineEndpoint({
  ...common,
  method: "DELETE",
  path: "/vehicles/:id",
  permission: "vehicles.delete",
  input: readVehicle,
  run: deleteVehicle,
});
