import "server-only";

import { Prisma } from "@/lib/platform/database/db";
import { searchCondition } from "@/lib/platform/record-list";
import type { VehicleExportInput } from "./schema";

type Filters = Omit<VehicleExportInput, "show">;

/** Whether a view leaves vehicles out, other than the archived ones. */
export function isNarrowed({ q, type, status }: Filters): boolean {
  return q !== "" || type !== null || status !== null;
}

/** Everything of a view but whether it shows the archived ones: account, search and filters. */
export function vehicleConditions(accountId: number, { q, type, status }: Filters): Prisma.Sql {
  const conditions = [Prisma.sql`account_id = ${accountId}`];
  if (q !== "") {
    conditions.push(searchCondition(q, [Prisma.sql`name`, Prisma.sql`vin`, Prisma.sql`license_plate`]));
  }
  if (type !== null) conditions.push(Prisma.sql`vehicle_type_id = ${type}`);
  if (status !== null) conditions.push(Prisma.sql`vehicle_status_id = ${status}`);
  return Prisma.join(conditions, " AND ");
}
