import { defineCreateEndpoint } from "@/lib/public-api/define-create-endpoint";
import { defineEndpoint, defineListEndpoint, defineNestedListEndpoint } from "@/lib/public-api/define-endpoint";
import { readChangesOf, readId, readRef } from "@/lib/public-api/stages/parse";
import { readVehicleRef, vehicleRefText } from "@/lib/vehicles/schema";
import {
  assignmentsOfVehicleList,
  listAssignmentsOfVehicle,
  listVehicleAssignments,
  vehicleAssignmentList,
} from "./api-queries";
import { presentVehicleAssignment, vehicleAssignmentShape } from "./presenter";
import { findCurrentAssignment, findVehicleAssignment } from "./queries";
import { createVehicleAssignmentInput, vehicleAssignmentChangesInput } from "./schema";
import { createVehicleAssignments, deleteVehicleAssignment, editVehicleAssignment, holdAssignment } from "./service";

const common = {
  resource: "vehicle_assignments",
  account: "customer",
  present: presentVehicleAssignment,
  shape: vehicleAssignmentShape,
} as const;

const readVehicle = readRef(readVehicleRef, vehicleRefText);

export const getVehicleAssignments = defineListEndpoint({
  path: "/vehicle_assignments",
  permission: "vehicleAssignments.read",
  account: "customer",
  list: vehicleAssignmentList,
  run: listVehicleAssignments,
  present: presentVehicleAssignment,
  shape: vehicleAssignmentShape,
});

export const getAssignmentsOfVehicle = defineNestedListEndpoint({
  path: "/vehicles/:id/vehicle_assignments",
  permission: "vehicleAssignments.read",
  account: "customer",
  owner: readVehicle,
  list: assignmentsOfVehicleList,
  run: listAssignmentsOfVehicle,
  present: presentVehicleAssignment,
  shape: vehicleAssignmentShape,
});

export const getCurrentAssignment = defineEndpoint({
  ...common,
  method: "GET",
  path: "/vehicles/:id/current_assignment",
  note: "404 when nobody has the vehicle now.",
  permission: "vehicleAssignments.read",
  input: readVehicle,
  run: findCurrentAssignment,
});

export const getVehicleAssignment = defineEndpoint({
  ...common,
  method: "GET",
  path: "/vehicle_assignments/:id",
  permission: "vehicleAssignments.read",
  input: readId,
  run: findVehicleAssignment,
});

export const postVehicleAssignment = defineCreateEndpoint({
  ...common,
  path: "/vehicle_assignments",
  note: "The assignments of one vehicle may not overlap (422). Both times may lie in the future.",
  permission: "vehicleAssignments.write",
  body: createVehicleAssignmentInput,
  example: { vehicle_id: 17, contact_id: 4, started_at: "2026-11-22T08:00:00Z" },
  run: createVehicleAssignments,
});

export const patchVehicleAssignment = defineEndpoint({
  ...common,
  method: "PATCH",
  path: "/vehicle_assignments/:id",
  permission: "vehicleAssignments.write",
  input: readChangesOf(readId, vehicleAssignmentChangesInput, { ended_at: "2026-11-22T17:00:00Z" }),
  held: (tx, permit, { id }) => holdAssignment(tx, permit, id),
  run: editVehicleAssignment,
});

export const removeVehicleAssignment = defineEndpoint({
  ...common,
  method: "DELETE",
  path: "/vehicle_assignments/:id",
  permission: "vehicleAssignments.delete",
  input: readId,
  held: (tx, permit, { id }) => holdAssignment(tx, permit, id),
  run: deleteVehicleAssignment,
  present: ({ id }) => ({ id }),
});
