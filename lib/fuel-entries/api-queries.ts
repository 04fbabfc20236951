import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList, type ListSource } from "@/lib/public-api/lists/read-list";
import { findVehicleId } from "@/lib/vehicles/queries";
import type { VehicleRef } from "@/lib/vehicles/schema";
import type { FuelEntryRecord } from "./presenter";
import { fuelEntryOf, fuelEntrySource, type FuelEntryRow } from "./queries";

type Reader = Permit<"fuelEntries.read">;

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

export const fuelEntriesOfVehicleList: ListDefinition = { ...fuelEntryList, scope: "vehicles/fuel_entries" };

async function readFuelEntries(list: ListDefinition, request: ListRequest, source: ListSource) {
  const page = await readList<FuelEntryRow>(list, request, source);
  return { ...page, rows: page.rows.map(fuelEntryOf) };
}

export function listFuelEntries(permit: Reader, request: ListRequest): Promise<ListPage<FuelEntryRecord>> {
  return readFuelEntries(fuelEntryList, request, fuelEntrySource(permit.account.id));
}

/** @throws DomainError not_found: no such vehicle */
export async function listFuelEntriesOfVehicle(
  permit: Reader,
  request: ListRequest & { ref: VehicleRef },
): Promise<ListPage<FuelEntryRecord>> {
  const id = await findVehicleId(permit, request.ref);
  const { where, ...source } = fuelEntrySource(permit.account.id);
  const ofVehicle = { ...source, where: Prisma.sql`${where} AND fe.vehicle_id = ${id}` };
  return readFuelEntries(fuelEntriesOfVehicleList, request, ofVehicle);
}
