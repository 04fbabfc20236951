import "server-only";

import { exportRecords } from "@/lib/audit-log/record-export";
import type { Download } from "@/lib/entry/download";
import type { Permit } from "@/lib/auth/permit";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { assignmentConditions, stateCondition } from "./list-conditions";
import { presentVehicleAssignment, type VehicleAssignmentRecord } from "./presenter";
import { vehicleAssignmentSource } from "./queries";
import type { AssignmentExportInput } from "./schema";

const COLUMNS = [
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
] as const;

function cellsOf(assignment: VehicleAssignmentRecord) {
  return {
    ...presentVehicleAssignment(assignment),
    vehicle: assignment.vehicle.name,
    contact: assignment.contact.name,
    contact_email: assignment.contact.email,
    comment: assignment.comments.map(({ comment }) => comment).join("\n\n"),
  };
}

/** The assignments that a view of the list shows. */
export async function exportAssignments(
  permit: Permit<"vehicleAssignments.read">,
  view: AssignmentExportInput,
): Promise<Download> {
  const { id: accountId } = permit.account;
  return exportRecords(permit, view, {
    noun: "vehicleAssignment",
    table: Prisma.sql`vehicle_assignments`,
    conditions: Prisma.sql`${await assignmentConditions(accountId, view)} AND ${stateCondition(view.state)}`,
    source: vehicleAssignmentSource(accountId),
    read: (statement) => readSql<VehicleAssignmentRecord>(statement),
    id: Prisma.sql`va.id`,
    columns: COLUMNS,
    customFields: await customFieldDefinitions(permit, "vehicle_assignment"),
    cells: cellsOf,
  });
}
