import "server-only";

import type { CustomRecordType } from "@/generated/prisma/enums";
import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { ListDefinition, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList, type ListSource } from "@/lib/public-api/lists/read-list";
import type { CustomFieldDefinition } from "./policy";
import type { CustomFieldRecord } from "./presenter";

type Reader = Permit<"customFields.read">;

export const customFieldList: ListDefinition = {
  resource: "custom_fields",
  id: Prisma.sql`c.id`,
  filters: {},
  sorts: {},
};

function sourceOf(permit: Reader): ListSource {
  return {
    select: Prisma.sql`c.id, c.account_id AS "accountId", c.record_type::text AS "recordType", c.label, c.key, c.data_type::text AS "dataType",
      c.required, c.choices, c.position, c.created_at AS "createdAt", c.updated_at AS "updatedAt"`,
    from: Prisma.sql`custom_fields c`,
    where: Prisma.sql`c.account_id = ${permit.account.id}`,
  };
}

export function listCustomFields(permit: Reader, request: ListRequest): Promise<ListPage<CustomFieldRecord>> {
  return readList<CustomFieldRecord>(customFieldList, request, sourceOf(permit));
}

/** @throws DomainError not_found */
export async function findCustomField(permit: Reader, { id }: { id: number }): Promise<CustomFieldRecord> {
  const { select, from, where } = sourceOf(permit);
  const [found] = await readSql<CustomFieldRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND c.id = ${id}`,
  );
  if (found === undefined) throw noSuchRecord();
  return found;
}

/** Whoever shows or writes records that carry custom fields. */
type RecordReader = Permit<
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
export function customFieldDefinitions(
  permit: RecordReader,
  recordType: CustomRecordType,
): Promise<CustomFieldDefinition[]> {
  return db().customField.findMany({
    where: { accountId: permit.account.id, recordType },
    orderBy: [{ position: "asc" }, { id: "asc" }],
    select: { id: true, recordType: true, label: true, key: true, dataType: true, required: true, choices: true },
  });
}
