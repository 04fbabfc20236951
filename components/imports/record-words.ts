import type { ImportedRecord } from "@/lib/imports/schema";

interface Words {
  readonly one: string;
  readonly many: string;
  /** The name of the page that lists them. */
  readonly list: string;
  /** Where the records are listed, beneath the space's address. */
  readonly page: string;
}

export const RECORD_WORDS: Readonly<Record<ImportedRecord, Words>> = {
  vehicles: { one: "vehicle", many: "vehicles", list: "Vehicles", page: "vehicles" },
  contacts: { one: "contact", many: "contacts", list: "Contacts", page: "contacts" },
  vehicle_assignments: {
    one: "vehicle assignment",
    many: "vehicle assignments",
    list: "Vehicle Assignments",
    page: "vehicle-assignments",
  },
  meter_entries: { one: "meter entry", many: "meter entries", list: "Meter entries", page: "meter-entries" },
  fuel_entries: { one: "fuel entry", many: "fuel entries", list: "Fuel entries", page: "fuel-entries" },
};

/** "1 vehicle", "2,500 vehicles". */
export function countOf(count: number, record: ImportedRecord): string {
  const { one, many } = RECORD_WORDS[record];
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
