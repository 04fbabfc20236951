import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readId } from "@/lib/public-api/stages/parse";
import { fuelTypeShape, presentFuelType } from "./presenter";
import { findFuelType, fuelTypeList, listFuelTypes } from "./queries";

export const getFuelTypes = defineListEndpoint({
  path: "/fuel_types",
  permission: "vehicles.read",
  account: "customer",
  list: fuelTypeList,
  run: listFuelTypes,
  present: presentFuelType,
  shape: fuelTypeShape,
});

export const getFuelType = defineEndpoint({
  method: "GET",
  path: "/fuel_types/:id",
  resource: "fuel_types",
  permission: "vehicles.read",
  account: "customer",
  input: readId,
  run: findFuelType,
  present: presentFuelType,
  shape: fuelTypeShape,
});
