import "server-only";

import type { CustomRecordType } from "@/generated/prisma/enums";
import type { Permit } from "@/lib/auth/permit";
import { db } from "@/lib/platform/db";
import type { CustomFieldDefinition } from "./policy";

/** Whoever shows or writes records that carry custom fields. */
type Reader = Permit<
  | "customFields.read"
  | "vehicles.read"
  | "vehicles.write"
  | "contacts.read"
  | "contacts.write"
  | "vehicleAssignments.read"
  | "vehicleAssignments.write"
  | "fuelEntries.read"
  | "fuelEntries.write"
>;

/** The custom fields that the account defines for one kind of record, in its order. */
export function customFieldDefinitions(permit: Reader, recordType: CustomRecordType): Promise<CustomFieldDefinition[]> {
  return db().customField.findMany({
    where: { accountId: permit.account.id, recordType },
    orderBy: [{ position: "asc" }, { id: "asc" }],
    select: { id: true, recordType: true, label: true, key: true, dataType: true, required: true, choices: true },
  });
}
