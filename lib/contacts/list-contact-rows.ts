import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { mayDo } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { readRecordList, type RecordList } from "@/lib/platform/record-list";
import { isCurrentAssignment } from "@/lib/vehicle-assignments/queries";
import { contactConditions, isNarrowed } from "./list-conditions";
import { contactVerbs, type ContactVerb } from "./policy";
import type { ContactRecord } from "./presenter";
import { findContact } from "./queries";
import type { ContactListQuery } from "./schema";

type Reader = Permit<"contacts.read">;

/** One contact as the list shows it. */
export interface ContactRow extends Pick<
  ContactRecord,
  | "id"
  | "name"
  | "email"
  | "employeeNumber"
  | "jobTitle"
  | "mobilePhoneNumber"
  | "employee"
  | "technician"
  | "vehicleOperator"
> {
  /** What the contact has now; the first of them. */
  readonly vehicle: { readonly id: number; readonly name: string } | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly isArchived: boolean;
  readonly verbs: readonly ContactVerb[];
}

interface PageRecord extends Omit<ContactRow, "createdAt" | "isArchived" | "verbs"> {
  readonly sortValue: string;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}

/** The page's rows first, by index alone; the current vehicle is joined to at most a page of them. */
function pageRecords(page: Prisma.Sql, resultOrder: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH page AS (${page})
    SELECT page.id, page.sort_value::text AS "sortValue", page.name, page.email, page.employee_number AS "employeeNumber",
      page.job_title AS "jobTitle", page.mobile_phone_number AS "mobilePhoneNumber", page.employee, page.technician,
      page.vehicle_operator AS "vehicleOperator", has.vehicle, page.created_at AS "createdAt", page.archived_at AS "archivedAt"
    FROM page
    LEFT JOIN LATERAL (
      SELECT json_build_object('id', v.id, 'name', v.name) AS vehicle
      FROM vehicle_assignments va JOIN vehicles v ON v.account_id = va.account_id AND v.id = va.vehicle_id
      WHERE va.account_id = page.account_id AND va.contact_id = page.id AND ${isCurrentAssignment}
      ORDER BY va.started_at DESC NULLS LAST, va.id LIMIT 1
    ) has ON TRUE
    ORDER BY ${resultOrder}`;
}

function verbsFor(permit: Reader, contact: { readonly archivedAt: Date | null }): ContactVerb[] {
  return contactVerbs(contact, (permission) => mayDo(permit.actor, permission));
}

/** One page of the account's contacts as the console lists them. */
export async function listContactRows(permit: Reader, query: ContactListQuery): Promise<RecordList<ContactRow>> {
  const accountId = permit.account.id;
  const list = await readRecordList<PageRecord>(
    {
      table: Prisma.sql`contacts`,
      accountId,
      conditions: contactConditions(accountId, query),
      isNarrowed: isNarrowed(query),
      isSearched: query.q !== "",
      view: query,
    },
    (page, resultOrder) => readSql<PageRecord>(pageRecords(page, resultOrder)),
  );
  const toRow = ({ sortValue: _, archivedAt, createdAt, ...row }: PageRecord): ContactRow => ({
    ...row,
    createdAt: createdAt.toISOString(),
    isArchived: archivedAt !== null,
    verbs: verbsFor(permit, { archivedAt }),
  });
  return { ...list, rows: list.rows.map(toRow) };
}

export interface ContactDetails extends ContactRecord {
  readonly verbs: readonly ContactVerb[];
}

/** A contact's own page. @throws DomainError not_found */
export async function getContact(permit: Reader, id: number): Promise<ContactDetails> {
  const contact = await findContact(permit, { id });
  return { ...contact, verbs: verbsFor(permit, contact) };
}
