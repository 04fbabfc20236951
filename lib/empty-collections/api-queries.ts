import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import { readChangePlace } from "@/lib/public-api/lists/change-place";
import type { ListDefinition, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { findVehicleId } from "@/lib/vehicles/queries";
import type { VehicleRef } from "@/lib/vehicles/schema";

type Reader = Permit<"emptyCollections.read">;

/** A list of which no statement is ever made, but for how far the changes have come. */
export function emptyList(resource: string, scope?: string): ListDefinition {
  return {
    resource,
    ...(scope !== undefined && { scope }),
    id: Prisma.sql`NULL`,
    filters: {},
    sorts: {},
    isAlwaysEmpty: true,
  };
}

/** A page with nothing on it, as the caller's version pages. */
export async function listNothing(permit: Reader, { place }: ListRequest): Promise<ListPage<never>> {
  const changePlace = await readChangePlace(permit.account.id);
  return place.by === "page"
    ? { by: "page", rows: [], page: place.page, total: 0, changePlace }
    : { by: "cursor", rows: [], after: place.after, next: null, remaining: 0, changePlace };
}

/** The same of one vehicle. @throws DomainError not_found: the account has none such */
export async function listNothingOfVehicle(
  permit: Reader,
  request: ListRequest & { ref: VehicleRef },
): Promise<ListPage<never>> {
  await findVehicleId(permit, request.ref);
  return listNothing(permit, request);
}
