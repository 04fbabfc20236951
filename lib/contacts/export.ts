import "server-only";

import { exportRecords } from "@/lib/audit-log/record-export";
import type { Download } from "@/lib/entry/download";
import type { Permit } from "@/lib/auth/permit";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { shownCondition } from "@/lib/platform/record-list";
import { contactConditions } from "./list-conditions";
import { presentContact, type ContactRecord } from "./presenter";
import { contactSource } from "./queries";
import type { ContactExportInput } from "./schema";

const COLUMNS = [
  "id",
  "first_name",
  "middle_name",
  "last_name",
  "email",
  "employee_number",
  "job_title",
  "mobile_phone_number",
  "home_phone_number",
  "work_phone_number",
  "other_phone_number",
  "street_address",
  "street_address_line_2",
  "city",
  "region",
  "postal_code",
  "country",
  "license_number",
  "license_class",
  "license_state",
  "license_expiration",
  "birth_date",
  "start_date",
  "leave_date",
  "employee",
  "technician",
  "vehicle_operator",
  "archived_at",
  "created_at",
  "updated_at",
] as const;

/** The contacts that a view of the list shows. */
export async function exportContacts(permit: Permit<"contacts.read">, view: ContactExportInput): Promise<Download> {
  const { id: accountId } = permit.account;
  return exportRecords(permit, view, {
    noun: "contact",
    table: Prisma.sql`contacts`,
    conditions: Prisma.sql`${contactConditions(accountId, view)} AND ${shownCondition(view.show)}`,
    source: contactSource(accountId),
    read: (statement) => readSql<ContactRecord>(statement),
    id: Prisma.sql`c.id`,
    columns: COLUMNS,
    customFields: await customFieldDefinitions(permit, "contact"),
    cells: presentContact,
  });
}
