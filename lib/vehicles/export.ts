import "server-only";

import { exportRecords } from "@/lib/audit-log/record-export";
import type { Download } from "@/lib/entry/download";
import type { Permit } from "@/lib/auth/permit";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { shownCondition } from "@/lib/platform/record-list";
import { vehicleConditions } from "./list-conditions";
import { presentVehicle, type VehicleRecord } from "./presenter";
import { vehicleColumns, vehicleTables } from "./queries";
import type { VehicleExportInput } from "./schema";

const COLUMNS = [
  "id",
  "name",
  "vin",
  "license_plate",
  "vehicle_type_name",
  "vehicle_status_name",
  "primary_meter_unit",
  "primary_meter_value",
  "primary_meter_date",
  "secondary_meter_unit",
  "secondary_meter_value",
  "secondary_meter_date",
  "make",
  "model",
  "trim",
  "year",
  "color",
  "fuel_type_name",
  "fuel_volume_units",
  "ownership",
  "system_of_measurement",
  "registration_state",
  "registration_expiration_month",
  "in_service_date",
  "in_service_meter_value",
  "out_of_service_date",
  "out_of_service_meter_value",
  "estimated_service_months",
  "estimated_resale_price_cents",
  "estimated_replacement_mileage",
  "labels",
  "archived_at",
  "created_at",
  "updated_at",
] as const;

/** The vehicles that a view of the list shows. */
export async function exportVehicles(permit: Permit<"vehicles.read">, view: VehicleExportInput): Promise<Download> {
  const { id: accountId } = permit.account;
  const where = Prisma.sql`v.account_id = ${accountId}`;
  return exportRecords(permit, view, {
    noun: "vehicle",
    table: Prisma.sql`vehicles`,
    conditions: Prisma.sql`${vehicleConditions(accountId, view)} AND ${shownCondition(view.show)}`,
    source: { select: vehicleColumns, from: vehicleTables, where },
    read: (statement) => readSql<VehicleRecord>(statement),
    id: Prisma.sql`v.id`,
    columns: COLUMNS,
    customFields: await customFieldDefinitions(permit, "vehicle"),
    // An import takes labels by their names.
    cells: (vehicle: VehicleRecord) => ({ ...presentVehicle(vehicle), labels: vehicle.labels }),
  });
}
