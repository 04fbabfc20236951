import { camelCase } from "@/lib/platform/name-cases";
import type { ImportedRecord, WritePermission } from "@/lib/resources";

export const MAX_FILE_BYTES = 5 * 1024 * 1024;
export const MAX_ROWS = 10_000;
export const MAX_COLUMNS = 200;
/** Rows that are one transaction. */
export const ROWS_PER_BATCH = 100;

/** What one has to be allowed to import such records: to write them. */
export function writePermissionOf(record: ImportedRecord): WritePermission {
  return `${camelCase(record)}.write`;
}

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
