import type { Permission } from "@/lib/auth/permissions";
import type { ImportedRecord } from "./schema";

export const MAX_FILE_BYTES = 5 * 1024 * 1024;
export const MAX_ROWS = 10_000;
export const MAX_COLUMNS = 200;
/** Rows that are one transaction. */
export const ROWS_AT_ONCE = 100;

/** What one has to be allowed to import such records: to write them. */
export const WRITE_PERMISSIONS = {
  vehicles: "vehicles.write",
  contacts: "contacts.write",
  vehicle_assignments: "vehicleAssignments.write",
  meter_entries: "meterEntries.write",
  fuel_entries: "fuelEntries.write",
} as const satisfies Record<ImportedRecord, Permission>;

export type ImportStatus = "uploaded" | "running" | "done" | "stopped";

interface ImportFacts {
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly stoppedBecause: string | null;
}

/** Derived from what happened, never stored. */
export function importStatus({ startedAt, finishedAt, stoppedBecause }: ImportFacts): ImportStatus {
  if (startedAt === null) return "uploaded";
  if (finishedAt === null) return "running";
  return stoppedBecause === null ? "done" : "stopped";
}
