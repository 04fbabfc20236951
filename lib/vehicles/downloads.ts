import "server-only";

import { defineRecordDownload } from "@/lib/audit-log/record-export";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { recordsShown } from "@/lib/platform/record-list";
import { presentVehicle, type VehicleRecord } from "./presenter";
import { listedVehicles, vehiclesOf } from "./queries";
import { vehicleExportInput } from "./schema";

export const downloadVehicles = defineRecordDownload({
  noun: "vehicle",
  permission: "vehicles.read",
  input: vehicleExportInput,
  records: (accountId, view) => recordsShown(listedVehicles, accountId, view),
  source: (accountId) => vehiclesOf(accountId),
  read: (statement) => readSql<VehicleRecord>(statement),
  id: Prisma.sql`v.id`,
  columns: [
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
  ],
  customFields: (permit) => customFieldDefinitions(permit, "vehicle"),
  // An import takes labels by their names.
  cells: (vehicle) => ({ ...presentVehicle(vehicle), labels: vehicle.labels }),
});
