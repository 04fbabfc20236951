import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { namesRecords } from "@/lib/public-api/lists/list-fields";
import { readList } from "@/lib/public-api/lists/read-list";
import type { ContactRecord } from "./presenter";
import { contactSource } from "./queries";

type Reader = Permit<"contacts.read">;

const name: ListField = { column: Prisma.sql`c.name`, type: "text" };
const createdAt: ListField = { column: Prisma.sql`c.created_at`, type: "timestamp" };
const updatedAt: ListField = { column: Prisma.sql`c.updated_at`, type: "timestamp" };

export const contactList: ListDefinition = {
  resource: "contacts",
  id: Prisma.sql`c.id`,
  filters: {
    name,
    email: { column: Prisma.sql`c.email`, type: "text" },
    employee_number: { column: Prisma.sql`c.employee_number`, type: "text" },
    vehicle_operator: { column: Prisma.sql`c.vehicle_operator`, type: "boolean" },
    employee: { column: Prisma.sql`c.employee`, type: "boolean" },
    technician: { column: Prisma.sql`c.technician`, type: "boolean" },
    created_at: createdAt,
    updated_at: updatedAt,
  },
  sorts: {
    name,
    email: { column: Prisma.sql`COALESCE(c.email, '')`, type: "text" },
    employee_number: { column: Prisma.sql`COALESCE(c.employee_number, '')`, type: "text" },
    created_at: createdAt,
    updated_at: updatedAt,
  },
  flags: ["include_archived"],
};

export const archivedContactList: ListDefinition = { ...contactList, scope: "contacts/archived", flags: [] };

function readContacts(list: ListDefinition, request: ListRequest, accountId: number, which: Prisma.Sql) {
  const { where, ...source } = contactSource(accountId);
  return readList<ContactRecord>(list, request, { ...source, where: Prisma.sql`${where} AND ${which}` });
}

/** The account's contacts; archived ones only when they are asked for, or named. */
export function listContacts(permit: Reader, request: ListRequest): Promise<ListPage<ContactRecord>> {
  const showsAll = request.flags.includes("include_archived") || namesRecords(request);
  const which = showsAll ? Prisma.sql`TRUE` : Prisma.sql`c.archived_at IS NULL`;
  return readContacts(contactList, request, permit.account.id, which);
}

export function listArchivedContacts(permit: Reader, request: ListRequest): Promise<ListPage<ContactRecord>> {
  return readContacts(archivedContactList, request, permit.account.id, Prisma.sql`c.archived_at IS NOT NULL`);
}
