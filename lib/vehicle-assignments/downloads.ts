import "server-only";

import { defineRecordDownload } from "@/lib/audit-log/record-export";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { assignmentConditions, stateCondition } from "./list-conditions";
import { presentVehicleAssignment, type VehicleAssignmentRecord } from "./presenter";
import { vehicleAssignmentSource } from "./queries";
import { assignmentExportInput } from "./schema";

function cellsOf(assignment: VehicleAssignmentRecord) {
  return {
    ...presentVehicleAssignment(assignment),
    vehicle: assignment.vehicle.name,
    contact: assignment.contact.name,
    contact_email: assignment.contact.email,
    comment: assignment.comments.map(({ comment }) => comment).join("\n\n"),
  };
}

export const downloadAssignments = defineRecordDownload({
  noun: "vehicleAssignment",
  permission: "vehicleAssignments.read",
  input: assignmentExportInput,
  records: async (accountId, view) => ({
    table: Prisma.sql`vehicle_assignments`,
    conditions: Prisma.sql`${await assignmentConditions(accountId, view)} AND ${stateCondition(view.state)}`,
  }),
  source: vehicleAssignmentSource,
  read: (statement) => readSql<VehicleAssignmentRecord>(statement),
  id: Prisma.sql`va.id`,
  columns: [
    "id",
    "vehicle",
    "vehicle_id",
    "contact",
    "contact_id",
    "contact_email",
    "started_at",
    "ended_at",
    "starting_meter_entry_value",
    "ending_meter_entry_value",
    "comment",
    "created_at",
    "updated_at",
  ],
  customFields: (permit) => customFieldDefinitions(permit, "vehicle_assignment"),
  cells: cellsOf,
});
