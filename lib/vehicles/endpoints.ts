import { noSuchRecord } from "@/lib/platform/errors";
import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readBody, readChangesOf, type InputReader } from "@/lib/public-api/stages/parse";
import { vinWarning } from "./policy";
import { presentVehicle, vehicleShape, type VehicleRecord } from "./presenter";
import { archivedVehicleList, findVehicle, listArchivedVehicles, listVehicles, vehicleList } from "./queries";
import { createVehicleInput, readVehicleRef, vehicleRefText, vehicleChangesInput, type VehicleRef } from "./schema";
import { archiveVehicle, createVehicle, deleteVehicle, editVehicle, restoreVehicle } from "./service";

const readRef: InputReader<{ ref: VehicleRef }> = {
  read: ({ params }) => {
    const ref = readVehicleRef(params.id ?? "");
    if (ref === null) throw noSuchRecord();
    return { ref };
  },
  params: { id: vehicleRefText },
};
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
  input: readRef,
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
  input: readChangesOf(readRef, vehicleChangesInput),
  run: editVehicle,
  warn,
});

export const patchVehicleArchive = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/vehicles/:id/archive",
  permission: "vehicles.write",
  input: readRef,
  run: archiveVehicle,
});

export const patchVehicleRestore = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/vehicles/:id/restore",
  permission: "vehicles.write",
  input: readRef,
  run: restoreVehicle,
});

export const removeVehicle = defineEndpoint({
  ...common,
  method: "DELETE",
  path: "/vehicles/:id",
  permission: "vehicles.delete",
  input: readRef,
  run: deleteVehicle,
});
