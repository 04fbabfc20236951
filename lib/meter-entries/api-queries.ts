import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList } from "@/lib/public-api/lists/read-list";
import { findVehicleId } from "@/lib/vehicles/queries";
import type { VehicleRef } from "@/lib/vehicles/schema";
import type { MeterEntryWithVehicle } from "./presenter";
import { meterEntrySource } from "./queries";

type Reader = Permit<"meterEntries.read">;

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

export const meterEntriesOfVehicleList: ListDefinition = { ...meterEntryList, scope: "vehicles/meter_entries" };

export function listMeterEntries(permit: Reader, request: ListRequest): Promise<ListPage<MeterEntryWithVehicle>> {
  return readList<MeterEntryWithVehicle>(meterEntryList, request, meterEntrySource(permit.account.id));
}

/** @throws DomainError not_found: no such vehicle */
export async function listMeterEntriesOfVehicle(
  permit: Reader,
  request: ListRequest & { ref: VehicleRef },
): Promise<ListPage<MeterEntryWithVehicle>> {
  const id = await findVehicleId(permit, request.ref);
  const { where, ...source } = meterEntrySource(permit.account.id);
  const ofVehicle = { ...source, where: Prisma.sql`${where} AND me.vehicle_id = ${id}` };
  return readList<MeterEntryWithVehicle>(meterEntriesOfVehicleList, request, ofVehicle);
}
