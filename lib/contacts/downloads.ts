import "server-only";

import { defineRecordDownload } from "@/lib/audit-log/record-export";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { recordsShown } from "@/lib/platform/record-list";
import { presentContact, type ContactRecord } from "./presenter";
import { contactSource, listedContacts } from "./queries";
import { contactExportInput } from "./schema";

export const downloadContacts = defineRecordDownload({
  noun: "contact",
  permission: "contacts.read",
  input: contactExportInput,
  records: (accountId, view) => recordsShown(listedContacts, accountId, view),
  source: contactSource,
  read: (statement) => readSql<ContactRecord>(statement),
  id: Prisma.sql`c.id`,
  columns: [
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
  ],
  customFields: (permit) => customFieldDefinitions(permit, "contact"),
  cells: presentContact,
});
