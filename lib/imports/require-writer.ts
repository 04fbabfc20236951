import "server-only";

import { authorize, type Permit } from "@/lib/auth/permit";
import { definitionsOf } from "@/lib/custom-fields/queries";
import { noSuchRecord } from "@/lib/platform/errors";
import type { ImportedRecord, WritePermission } from "@/lib/resources";
import { importFields, type ImportField } from "./import-fields";
import { writePermissionOf } from "./policy";

type Importer = Permit<"imports.manage">;

/** Who may import records may write them. @throws DomainError forbidden */
export function requireWriter({ actor, account, origin }: Importer, record: ImportedRecord): Permit<WritePermission> {
  // A partner has no records.
  if (account.kind !== "customer") throw noSuchRecord();
  return authorize({ actor, account, origin }, writePermissionOf(record));
}

/** What a column of such a file may fill. */
export async function fieldsOf(permit: Permit<WritePermission>, record: ImportedRecord): Promise<ImportField[]> {
  return importFields(record, await definitionsOf(permit, record));
}
