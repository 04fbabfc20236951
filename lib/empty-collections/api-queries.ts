import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import type {
  FieldType,
  ListDefinition,
  ListField,
  ListPage,
  ListRequest,
} from "@/lib/public-api/lists/list-definition";

/** What connectors filter and sort such lists by, so that their syncs go on; no statement is ever made of it. */
const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  created_at: "timestamp",
  updated_at: "timestamp",
  archived_at: "timestamp",
  date: "timestamp",
  started_at: "timestamp",
  completed_at: "timestamp",
  issued_at: "timestamp",
  reported_at: "timestamp",
  submitted_at: "timestamp",
  vehicle_id: "integer",
  contact_id: "integer",
  vendor_id: "integer",
  name: "text",
  number: "text",
  email: "text",
  state: "text",
  status: "text",
  external_id: "text",
};

const fields: Readonly<Record<string, ListField>> = Object.fromEntries(
  Object.entries(FIELD_TYPES).map(([name, type]) => [name, { column: Prisma.sql`NULL`, type }]),
);

export function emptyList(resource: string): ListDefinition {
  return { resource, id: Prisma.sql`NULL`, filters: fields, sorts: fields };
}

/** A page with nothing on it, as the caller's version pages. */
export function listNothing(
  _permit: Permit<"emptyCollections.read">,
  { place }: ListRequest,
): Promise<ListPage<never>> {
  const page: ListPage<never> =
    place.by === "page"
      ? { by: "page", rows: [], page: place.page, total: 0 }
      : { by: "cursor", rows: [], after: place.after, next: null, remaining: 0 };
  return Promise.resolve(page);
}
