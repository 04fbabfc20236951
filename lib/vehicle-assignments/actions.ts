"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import { addVehicleAssignmentInput, editVehicleAssignmentInput, vehicleAssignmentRowInput } from "./schema";
import {
  createVehicleAssignment,
  deleteVehicleAssignment,
  editVehicleAssignment,
  endVehicleAssignment,
} from "./service";

const revalidate = (account: AccountRef) => [`/${account.token}/vehicle-assignments`];

export const createVehicleAssignmentAction = defineAction({
  permission: "vehicleAssignments.write",
  account: "customer",
  input: addVehicleAssignmentInput,
  run: createVehicleAssignment,
  revalidate,
});
export const editVehicleAssignmentAction = defineAction({
  permission: "vehicleAssignments.write",
  account: "customer",
  input: editVehicleAssignmentInput,
  run: editVehicleAssignment,
  revalidate,
});
export const endVehicleAssignmentAction = defineAction({
  permission: "vehicleAssignments.write",
  account: "customer",
  input: vehicleAssignmentRowInput,
  run: endVehicleAssignment,
  revalidate,
});
/** Renders nothing anew: the page it is called from may be that of the assignment, which is gone. */
export const deleteVehicleAssignmentAction = defineAction({
  permission: "vehicleAssignments.delete",
  account: "customer",
  input: vehicleAssignmentRowInput,
  run: deleteVehicleAssignment,
});
