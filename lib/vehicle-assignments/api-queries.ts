import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList } from "@/lib/public-api/lists/read-list";
import { findVehicleId } from "@/lib/vehicles/queries";
import type { VehicleRef } from "@/lib/vehicles/schema";
import type { VehicleAssignmentRecord } from "./presenter";
import { vehicleAssignmentSource } from "./queries";

type Reader = Permit<"vehicleAssignments.read">;

const vehicleId: ListField = { column: Prisma.sql`va.vehicle_id`, type: "integer" };
const contactId: ListField = { column: Prisma.sql`va.contact_id`, type: "integer" };
const createdAt: ListField = { column: Prisma.sql`va.created_at`, type: "timestamp" };
const updatedAt: ListField = { column: Prisma.sql`va.updated_at`, type: "timestamp" };

export const vehicleAssignmentList: ListDefinition = {
  resource: "vehicle_assignments",
  id: Prisma.sql`va.id`,
  filters: {
    vehicle_id: vehicleId,
    contact_id: contactId,
    started_at: { column: Prisma.sql`va.started_at`, type: "timestamp" },
    ended_at: { column: Prisma.sql`va.ended_at`, type: "timestamp" },
    created_at: createdAt,
    updated_at: updatedAt,
  },
  sorts: {
    vehicle_id: vehicleId,
    contact_id: contactId,
    started_at: { column: Prisma.sql`COALESCE(va.started_at, '-infinity'::timestamptz)`, type: "timestamp" },
    ended_at: { column: Prisma.sql`COALESCE(va.ended_at, 'infinity'::timestamptz)`, type: "timestamp" },
    created_at: createdAt,
    updated_at: updatedAt,
  },
};

export const assignmentsOfVehicleList: ListDefinition = {
  ...vehicleAssignmentList,
  scope: "vehicles/vehicle_assignments",
};

export function listVehicleAssignments(
  permit: Reader,
  request: ListRequest,
): Promise<ListPage<VehicleAssignmentRecord>> {
  return readList<VehicleAssignmentRecord>(vehicleAssignmentList, request, vehicleAssignmentSource(permit.account.id));
}

/** @throws DomainError not_found: no such vehicle */
export async function listAssignmentsOfVehicle(
  permit: Reader,
  request: ListRequest & { ref: VehicleRef },
): Promise<ListPage<VehicleAssignmentRecord>> {
  const id = await findVehicleId(permit, request.ref);
  const source = vehicleAssignmentSource(permit.account.id);
  return readList<VehicleAssignmentRecord>(assignmentsOfVehicleList, request, {
    ...source,
    where: Prisma.sql`${source.where} AND va.vehicle_id = ${id}`,
  });
}
