import type { CustomRecordType } from "@/generated/prisma/enums";

/** What a record with custom fields is called, one and several. */
export const RECORD_WORDS: Readonly<Record<CustomRecordType, { readonly one: string; readonly many: string }>> = {
  vehicle: { one: "Vehicle", many: "Vehicles" },
  contact: { one: "Contact", many: "Contacts" },
  vehicle_assignment: { one: "Vehicle assignment", many: "Vehicle assignments" },
  fuel_entry: { one: "Fuel entry", many: "Fuel entries" },
};
