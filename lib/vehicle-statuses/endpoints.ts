import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readId } from "@/lib/public-api/stages/parse";
import { presentVehicleStatus, vehicleStatusShape } from "./presenter";
import { findVehicleStatus, listVehicleStatuses, vehicleStatusList } from "./queries";

export const getVehicleStatuses = defineListEndpoint({
  path: "/vehicle_statuses",
  permission: "vehicles.read",
  account: "customer",
  list: vehicleStatusList,
  run: listVehicleStatuses,
  present: presentVehicleStatus,
  shape: vehicleStatusShape,
});

export const getVehicleStatus = defineEndpoint({
  method: "GET",
  path: "/vehicle_statuses/:id",
  resource: "vehicle_statuses",
  permission: "vehicles.read",
  account: "customer",
  input: readId,
  run: findVehicleStatus,
  present: presentVehicleStatus,
  shape: vehicleStatusShape,
});
