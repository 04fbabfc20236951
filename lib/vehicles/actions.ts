"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import { searchInput } from "@/lib/platform/list-view";
import { searchVehicles } from "./queries";
import { addVehicleInput, editVehicleInput, vehicleRowInput } from "./schema";
import { archiveVehicle, createVehicle, deleteVehicle, editVehicle, restoreVehicle } from "./service";

const revalidate = (account: AccountRef) => [`/${account.token}/vehicles`];

export const createVehicleAction = defineAction({
  permission: "vehicles.write",
  account: "customer",
  input: addVehicleInput,
  run: createVehicle,
  revalidate,
});
export const editVehicleAction = defineAction({
  permission: "vehicles.write",
  account: "customer",
  input: editVehicleInput,
  run: editVehicle,
  revalidate,
});
export const archiveVehicleAction = defineAction({
  permission: "vehicles.write",
  account: "customer",
  input: vehicleRowInput,
  run: archiveVehicle,
  revalidate,
});
export const restoreVehicleAction = defineAction({
  permission: "vehicles.write",
  account: "customer",
  input: vehicleRowInput,
  run: restoreVehicle,
  revalidate,
});
/** Renders nothing anew: the page it is called from may be that of the vehicle, which is gone. */
export const deleteVehicleAction = defineAction({
  permission: "vehicles.delete",
  account: "customer",
  input: vehicleRowInput,
  run: deleteVehicle,
});

/** Changes nothing: finds what a picker offers. */
export const searchVehiclesAction = defineAction({
  permission: "vehicles.read",
  account: "customer",
  input: searchInput,
  run: searchVehicles,
});
