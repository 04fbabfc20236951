import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/db";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList } from "@/lib/public-api/lists/read-list";
import type { FuelEntryRecord } from "./presenter";
import { fuelEntryOf, fuelEntrySource, type FuelEntryRow } from "./queries";

const fields: Readonly<Record<string, ListField>> = {
  vehicle_id: { column: Prisma.sql`fe.vehicle_id`, type: "integer" },
  date: { column: Prisma.sql`fe.date`, type: "timestamp" },
  created_at: { column: Prisma.sql`fe.created_at`, type: "timestamp" },
  updated_at: { column: Prisma.sql`fe.updated_at`, type: "timestamp" },
};

export const fuelEntryList: ListDefinition = {
  resource: "fuel_entries",
  id: Prisma.sql`fe.id`,
  filters: fields,
  sorts: fields,
};

export async function listFuelEntries(
  permit: Permit<"fuelEntries.read">,
  request: ListRequest,
): Promise<ListPage<FuelEntryRecord>> {
  const page = await readList<FuelEntryRow>(fuelEntryList, request, fuelEntrySource(permit.account.id));
  return { ...page, rows: page.rows.map(fuelEntryOf) };
}
