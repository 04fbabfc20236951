import "server-only";

import { exportRecords } from "@/lib/audit-log/record-export";
import type { Download } from "@/lib/entry/download";
import type { Permit } from "@/lib/auth/permit";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { datedRecords } from "@/lib/platform/dated-list";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { fuelEntriesIn } from "./list-fuel-entry-rows";
import { volumeIn } from "./policy";
import { presentFuelEntry } from "./presenter";
import { fuelEntryOf, fuelEntrySource, type FuelEntryRow } from "./queries";
import type { FuelEntryExportInput } from "./schema";

const COLUMNS = [
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
] as const;

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

/** The fuel entries that a view of the list shows. */
export async function exportFuelEntries(
  permit: Permit<"fuelEntries.read">,
  view: FuelEntryExportInput,
): Promise<Download> {
  return exportRecords(permit, view, {
    noun: "fuelEntry",
    ...datedRecords(fuelEntriesIn(permit.account.id, view)),
    source: fuelEntrySource(permit.account.id),
    read: (statement) => readSql<FuelEntryRow>(statement),
    id: Prisma.sql`fe.id`,
    columns: COLUMNS,
    customFields: await customFieldDefinitions(permit, "fuel_entry"),
    cells: cellsOf,
  });
}
