import "server-only";

import { defineRecordDownload } from "@/lib/audit-log/record-export";
import { datedRecordsShown } from "@/lib/platform/dated-list";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { presentMeterEntry, type MeterEntryWithVehicle } from "./presenter";
import { listedMeterEntries, meterEntrySource } from "./queries";
import { meterEntryExportInput } from "./schema";

export const downloadMeterEntries = defineRecordDownload({
  noun: "meterEntry",
  permission: "meterEntries.read",
  input: meterEntryExportInput,
  records: (accountId, view) => datedRecordsShown(listedMeterEntries, accountId, view),
  source: meterEntrySource,
  read: (statement) => readSql<MeterEntryWithVehicle>(statement),
  id: Prisma.sql`me.id`,
  columns: [
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
  ],
  cells: (entry) => {
    const { taken_at: takenAt, date, ...cells } = presentMeterEntry(entry);
    return { ...cells, date: takenAt ?? date, vehicle: entry.vehicle.name, fuel_entry_id: entry.fuelEntryId };
  },
});
