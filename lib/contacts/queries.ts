import "server-only";

import { mayDo, type Permit } from "@/lib/auth/permit";
import { valuesShown } from "@/lib/custom-fields/queries";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { SearchInput } from "@/lib/platform/list-view";
import {
  findMatches,
  readRecordList,
  type ListedRow,
  type NamedMatch,
  type NamedRecords,
  type RecordList,
} from "@/lib/platform/record-list";
import { isCurrentAssignment } from "@/lib/vehicle-assignments/queries";
import { contactVerbs, type ContactVerb } from "./policy";
import type { ContactRecord } from "./presenter";
import type { ContactExportInput, ContactListQuery } from "./schema";

type Reader = Permit<"contacts.read">;

/** What a contact is read with; `where` shows the account. */
export function contactSource(accountId: number) {
  return {
    accountId,
    select: Prisma.sql`c.id, c.account_id AS "accountId", c.name, c.email, c.first_name AS "firstName", c.middle_name AS "middleName",
      c.last_name AS "lastName", c.employee_number AS "employeeNumber", c.job_title AS "jobTitle",
      c.mobile_phone_number AS "mobilePhoneNumber", c.home_phone_number AS "homePhoneNumber",
      c.work_phone_number AS "workPhoneNumber", c.other_phone_number AS "otherPhoneNumber",
      c.street_address AS "streetAddress", c.street_address_line_2 AS "streetAddressLine2", c.city, c.region,
      c.postal_code AS "postalCode", c.country, c.license_number AS "licenseNumber", c.license_class AS "licenseClass",
      c.license_state AS "licenseState", c.license_expiration::text AS "licenseExpiration", c.birth_date::text AS "birthDate",
      c.start_date::text AS "startDate", c.leave_date::text AS "leaveDate", c.employee, c.technician,
      c.vehicle_operator AS "vehicleOperator", ${valuesShown("contact", Prisma.sql`c`)} AS "customFields", c.archived_at AS "archivedAt",
      c.created_at AS "createdAt", c.updated_at AS "updatedAt"`,
    from: Prisma.sql`contacts c`,
    where: Prisma.sql`c.account_id = ${accountId}`,
  };
}

/** @throws DomainError not_found */
export async function findContact(permit: Reader, { id }: { id: number }): Promise<ContactRecord> {
  const { select, from, where } = contactSource(permit.account.id);
  const [contact] = await readSql<ContactRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND c.id = ${id}`,
  );
  if (contact === undefined) throw noSuchRecord();
  return contact;
}

const ROLES = {
  employee: Prisma.sql`employee`,
  technician: Prisma.sql`technician`,
  operator: Prisma.sql`vehicle_operator`,
} as const;

/** The contacts that screen, file and pickers find. */
export const listedContacts: NamedRecords<ContactExportInput> = {
  table: Prisma.sql`contacts`,
  searched: [Prisma.sql`name`, Prisma.sql`email`, Prisma.sql`employee_number`],
  filters: ({ role }) => [role && ROLES[role]],
};

/** A few of the account's contacts that fit to what was typed, for a picker. */
export function searchContacts(permit: Reader, { q }: SearchInput): Promise<NamedMatch[]> {
  return findMatches(listedContacts, permit.account.id, q, Prisma.sql`COALESCE(email, job_title)`);
}

/** What a contact is called; null when the account has none such. */
export async function findContactName(permit: Reader, id: number): Promise<string | null> {
  const found = await db().contact.findUnique({
    where: { accountId: permit.account.id, id },
    select: { name: true },
  });
  return found?.name ?? null;
}

interface PageRecord extends Pick<
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
  | "createdAt"
  | "archivedAt"
> {
  readonly sortValue: string;
  /** What the contact has now; the first of them. */
  readonly vehicle: { readonly id: number; readonly name: string } | null;
}

/** One contact as the list shows it. */
export type ContactRow = ListedRow<PageRecord, ContactVerb>;

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
export function listContactRows(permit: Reader, view: ContactListQuery): Promise<RecordList<ContactRow>> {
  return readRecordList({
    records: listedContacts,
    accountId: permit.account.id,
    view,
    fetch: (page, resultOrder) => readSql<PageRecord>(pageRecords(page, resultOrder)),
    verbsOf: (contact) => verbsFor(permit, contact),
  });
}

export interface ContactDetails extends ContactRecord {
  readonly verbs: readonly ContactVerb[];
}

/** A contact's own page. @throws DomainError not_found */
export async function getContact(permit: Reader, id: number): Promise<ContactDetails> {
  const contact = await findContact(permit, { id });
  return { ...contact, verbs: verbsFor(permit, contact) };
}
