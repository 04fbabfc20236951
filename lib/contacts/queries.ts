import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { valuesShown } from "@/lib/custom-fields/queries";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { SearchInput } from "@/lib/platform/list-view";
import { findMatches, type NamedMatch } from "@/lib/platform/record-list";
import type { ContactRecord } from "./presenter";

/** What a contact is read with; `where` shows the account. */
export function contactSource(accountId: number) {
  return {
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
export async function findContact(permit: Permit<"contacts.read">, { id }: { id: number }): Promise<ContactRecord> {
  const { select, from, where } = contactSource(permit.account.id);
  const [contact] = await readSql<ContactRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND c.id = ${id}`,
  );
  if (contact === undefined) throw noSuchRecord();
  return contact;
}

/** A few of the account's contacts that fit to what was typed, for a picker. */
export function searchContacts(permit: Permit<"contacts.read">, { q }: SearchInput): Promise<NamedMatch[]> {
  return findMatches({
    table: Prisma.sql`contacts`,
    accountId: permit.account.id,
    typed: q,
    columns: [Prisma.sql`name`, Prisma.sql`email`, Prisma.sql`employee_number`],
    hint: Prisma.sql`COALESCE(email, job_title)`,
  });
}

/** What a contact is called; null when the account has none such. */
export async function findContactName(permit: Permit<"contacts.read">, id: number): Promise<string | null> {
  const found = await db().contact.findUnique({
    where: { accountId: permit.account.id, id },
    select: { name: true },
  });
  return found?.name ?? null;
}
