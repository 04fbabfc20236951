import "server-only";

import { exportRecords } from "@/lib/audit-log/record-export";
import type { Download } from "@/lib/entry/download";
import type { Permit } from "@/lib/auth/permit";
import { datedRecords } from "@/lib/platform/dated-list";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { meterEntriesIn } from "./list-meter-entry-rows";
import { presentMeterEntry, type MeterEntryWithVehicle } from "./presenter";
import { meterEntrySource } from "./queries";
import type { MeterEntryExportInput } from "./schema";

const COLUMNS = [
  "id",
  "vehicle",
  "vehicle_id",
  "value",
  "date",
  "meter_type",
  "void",
  "fuel_entry_id",
  "created_at",
  "updated_at",
] as const;

function cellsOf(entry: MeterEntryWithVehicle) {
  const { taken_at: takenAt, date, ...cells } = presentMeterEntry(entry);
  return { ...cells, date: takenAt ?? date, vehicle: entry.vehicle.name, fuel_entry_id: entry.fuelEntryId };
}

/** The readings that a view of the list shows. */
export function exportMeterEntries(
  permit: Permit<"meterEntries.read">,
  view: MeterEntryExportInput,
): Promise<Download> {
  return exportRecords(permit, view, {
    noun: "meterEntry",
    ...datedRecords(meterEntriesIn(permit.account.id, view)),
    source: meterEntrySource(permit.account.id),
    read: (statement) => readSql<MeterEntryWithVehicle>(statement),
    id: Prisma.sql`me.id`,
    columns: COLUMNS,
    customFields: [],
    cells: cellsOf,
  });
}
