import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/db";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList } from "@/lib/public-api/lists/read-list";
import type { MeterEntryWithVehicle } from "./presenter";
import { meterEntrySource } from "./queries";

const fields: Readonly<Record<string, ListField>> = {
  vehicle_id: { column: Prisma.sql`me.vehicle_id`, type: "integer" },
  date: { column: Prisma.sql`me.date`, type: "timestamp" },
  created_at: { column: Prisma.sql`me.created_at`, type: "timestamp" },
  updated_at: { column: Prisma.sql`me.updated_at`, type: "timestamp" },
};

export const meterEntryList: ListDefinition = {
  resource: "meter_entries",
  id: Prisma.sql`me.id`,
  filters: fields,
  sorts: fields,
};

export function listMeterEntries(
  permit: Permit<"meterEntries.read">,
  request: ListRequest,
): Promise<ListPage<MeterEntryWithVehicle>> {
  return readList<MeterEntryWithVehicle>(meterEntryList, request, meterEntrySource(permit.account.id));
}
