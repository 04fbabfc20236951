import "server-only";

import type { CustomRecordType } from "@/generated/prisma/enums";
import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList, type ListSource } from "@/lib/public-api/lists/read-list";
import { customFieldVerbs, type CustomFieldDefinition, type CustomFieldVerb } from "./policy";
import type { CustomFieldRecord } from "./presenter";
import {
  CUSTOMISED_RECORDS,
  customFieldsOf,
  customisedResource,
  type FleetPermission,
  type ImportedRecord,
} from "@/lib/resources";
import type { CustomFieldListQuery, CustomFieldRef } from "./schema";

type Reader = Permit<"customFields.read">;

const times: Readonly<Record<string, ListField>> = {
  created_at: { column: Prisma.sql`c.created_at`, type: "timestamp" },
  updated_at: { column: Prisma.sql`c.updated_at`, type: "timestamp" },
};

export const customFieldList: ListDefinition = {
  resource: "custom_fields",
  id: Prisma.sql`c.id`,
  filters: times,
  sorts: times,
};

/** What a field is read with; `where` shows the account. */
export function customFieldSource(accountId: number): ListSource {
  return {
    accountId,
    select: Prisma.sql`c.id, c.account_id AS "accountId", c.record_type::text AS "recordType", c.label, c.key, c.data_type::text AS "dataType",
      c.required, c.choices, c.position, c.created_at AS "createdAt", c.updated_at AS "updatedAt"`,
    from: Prisma.sql`custom_fields c`,
    where: Prisma.sql`c.account_id = ${accountId} AND c.deleted_at IS NULL`,
  };
}

export function listCustomFields(permit: Reader, request: ListRequest): Promise<ListPage<CustomFieldRecord>> {
  return readList<CustomFieldRecord>(customFieldList, request, customFieldSource(permit.account.id));
}

/** @throws DomainError not_found */
export async function findCustomField(permit: Reader, { id }: { id: number }): Promise<CustomFieldRecord> {
  const { select, from, where } = customFieldSource(permit.account.id);
  const [found] = await readSql<CustomFieldRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND c.id = ${id}`,
  );
  if (found === undefined) throw noSuchRecord();
  return found;
}

/** Whoever shows or writes records that carry custom fields. */
type RecordReader = Permit<"customFields.read" | FleetPermission>;

/** The custom fields that the account defines for one kind of record, in its order. */
export function customFieldDefinitions(
  permit: RecordReader,
  recordType: CustomRecordType,
): Promise<CustomFieldDefinition[]> {
  return db().customField.findMany({
    where: { accountId: permit.account.id, recordType, deletedAt: null },
    orderBy: [{ position: "asc" }, { id: "asc" }],
    select: { id: true, recordType: true, label: true, key: true, dataType: true, required: true, choices: true },
  });
}

/** The same for any kind of record; none for one that takes none. */
export async function definitionsOf(permit: RecordReader, record: ImportedRecord): Promise<CustomFieldDefinition[]> {
  const recordType = customFieldsOf(record);
  return recordType === null ? [] : customFieldDefinitions(permit, recordType);
}

/** The values that records hold, without those of fields that were deleted and are not swept yet. `record` is the table's alias. */
export function valuesShown(recordType: CustomRecordType, record: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${record}.custom_fields - ARRAY(SELECT gone.key FROM custom_fields gone
    WHERE gone.account_id = ${record}.account_id AND gone.record_type = ${recordType}::custom_record_type AND gone.deleted_at IS NOT NULL)`;
}

/** The records that may hold a field's values. */
export function recordTable(recordType: CustomRecordType): Prisma.Sql {
  return Prisma.raw(customisedResource(recordType).wire);
}

/** What one field's row shows. */
export interface CustomFieldRow extends CustomFieldDefinition {
  readonly verbs: readonly CustomFieldVerb[];
}

export interface CustomFieldIndex {
  readonly rows: readonly CustomFieldRow[];
  readonly counts: Readonly<Record<CustomRecordType, number>>;
}

/** Every field of the account, by record type in its order; a record type has few, so that there are no pages. */
export async function customFieldIndex(
  permit: Permit<"customFields.manage">,
  { record }: CustomFieldListQuery,
): Promise<CustomFieldIndex> {
  const { select, from, where } = customFieldSource(permit.account.id);
  const fields = await readSql<CustomFieldRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} ORDER BY c.position, c.id`,
  );
  const byType = CUSTOMISED_RECORDS.map((type) => fields.filter(({ recordType }) => recordType === type));
  const rows = byType.flatMap((ofType) =>
    ofType.map(({ id, recordType, label, key, dataType, required, choices }, index) => ({
      id,
      recordType,
      label,
      key,
      dataType,
      required,
      choices,
      verbs: customFieldVerbs(index, ofType.length),
    })),
  );
  const counts = Object.fromEntries(CUSTOMISED_RECORDS.map((type, index) => [type, byType[index]?.length ?? 0]));
  return {
    rows: record === null ? rows : rows.filter(({ recordType }) => recordType === record),
    counts: counts as CustomFieldIndex["counts"],
  };
}

/** How many records hold a value of the field: what deleting it would take away. @throws DomainError not_found */
export async function countCustomFieldValues(
  permit: Permit<"customFields.manage">,
  { id }: CustomFieldRef,
): Promise<{ count: number }> {
  const { select, from, where } = customFieldSource(permit.account.id);
  const [field] = await readSql<CustomFieldRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND c.id = ${id}`,
  );
  if (field === undefined) throw noSuchRecord();
  const [counted] = await readSql<{ count: number }>(valuesCount(permit.account.id, field));
  return { count: counted?.count ?? 0 };
}

/** Counts the records that hold a value of the field. */
export function valuesCount(
  accountId: number,
  { recordType, key }: Pick<CustomFieldDefinition, "recordType" | "key">,
): Prisma.Sql {
  return Prisma.sql`SELECT count(*)::int AS count FROM ${recordTable(recordType)}
    WHERE account_id = ${accountId} AND custom_fields->>${key} IS NOT NULL`;
}
