import "server-only";

import { defineRecordDownload } from "@/lib/audit-log/record-export";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { datedRecordsShown } from "@/lib/platform/dated-list";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { volumeIn } from "./policy";
import { presentFuelEntry } from "./presenter";
import { fuelEntryOf, fuelEntrySource, listedFuelEntries, type FuelEntryRow } from "./queries";
import { fuelEntryExportInput } from "./schema";

function cellsOf(row: FuelEntryRow) {
  const entry = fuelEntryOf(row);
  // Read again, a volume in several units would be taken in the vehicle's, rounded.
  const volumes = { us_gallons: null, uk_gallons: null, liters: null };
  return {
    ...presentFuelEntry(entry),
    ...volumes,
    [entry.volumeUnits]: volumeIn(entry.volumeUnits, entry),
    vehicle: entry.vehicle.name,
    meter_value: entry.meterEntry?.value ?? null,
  };
}

export const downloadFuelEntries = defineRecordDownload({
  noun: "fuelEntry",
  permission: "fuelEntries.read",
  input: fuelEntryExportInput,
  records: (accountId, view) => datedRecordsShown(listedFuelEntries, accountId, view),
  source: fuelEntrySource,
  read: (statement) => readSql<FuelEntryRow>(statement),
  id: Prisma.sql`fe.id`,
  columns: [
    "id",
    "vehicle",
    "vehicle_id",
    "date",
    "us_gallons",
    "uk_gallons",
    "liters",
    "price_per_volume_unit",
    "total_amount",
    "fuel_type_name",
    "meter_value",
    "partial",
    "personal",
    "reset",
    "reference",
    "vendor_name",
    "external_id",
    "created_at",
    "updated_at",
  ],
  customFields: (permit) => customFieldDefinitions(permit, "fuel_entry"),
  cells: cellsOf,
});
