import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readId } from "@/lib/public-api/stages/parse";
import { presentVehicleType, vehicleTypeShape } from "./presenter";
import { findVehicleType, listVehicleTypes, vehicleTypeList } from "./queries";

export const getVehicleTypes = defineListEndpoint({
  path: "/vehicle_types",
  permission: "vehicles.read",
  account: "customer",
  list: vehicleTypeList,
  run: listVehicleTypes,
  present: presentVehicleType,
  shape: vehicleTypeShape,
});

export const getVehicleType = defineEndpoint({
  method: "GET",
  path: "/vehicle_types/:id",
  resource: "vehicle_types",
  permission: "vehicles.read",
  account: "customer",
  input: readId,
  run: findVehicleType,
  present: presentVehicleType,
  shape: vehicleTypeShape,
});
