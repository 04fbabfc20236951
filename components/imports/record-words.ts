import type { ImportedRecord } from "@/lib/imports/schema";

interface Words {
  readonly one: string;
  readonly many: string;
  /** Where the records are listed, beneath the space's address. */
  readonly page: string;
}

export const RECORD_WORDS: Readonly<Record<ImportedRecord, Words>> = {
  vehicles: { one: "vehicle", many: "vehicles", page: "vehicles" },
  contacts: { one: "contact", many: "contacts", page: "contacts" },
  vehicle_assignments: { one: "vehicle assignment", many: "vehicle assignments", page: "vehicle-assignments" },
  meter_entries: { one: "meter entry", many: "meter entries", page: "meter-entries" },
  fuel_entries: { one: "fuel entry", many: "fuel entries", page: "fuel-entries" },
};

/** "1 vehicle", "2,500 vehicles". */
export function countOf(count: number, record: ImportedRecord): string {
  const { one, many } = RECORD_WORDS[record];
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
