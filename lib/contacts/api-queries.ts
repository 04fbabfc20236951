import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/db";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList } from "@/lib/public-api/lists/read-list";
import type { ContactRecord } from "./presenter";
import { contactSource } from "./queries";

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
};

/** The account's contacts, the archived ones among them: they say so. */
export function listContacts(permit: Permit<"contacts.read">, request: ListRequest): Promise<ListPage<ContactRecord>> {
  return readList<ContactRecord>(contactList, request, contactSource(permit.account.id));
}
