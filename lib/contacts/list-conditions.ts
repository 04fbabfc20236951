import "server-only";

import { Prisma } from "@/lib/platform/database/db";
import { searchCondition } from "@/lib/platform/record-list";
import type { ContactExportInput } from "./schema";

type Filters = Omit<ContactExportInput, "show">;

const ROLES = {
  employee: Prisma.sql`employee`,
  technician: Prisma.sql`technician`,
  operator: Prisma.sql`vehicle_operator`,
} as const;

/** Whether a view leaves contacts out, other than the archived ones. */
export function isNarrowed({ q, role }: Filters): boolean {
  return q !== "" || role !== null;
}

/** Everything of a view but whether it shows the archived ones: account, search and filters. */
export function contactConditions(accountId: number, { q, role }: Filters): Prisma.Sql {
  const conditions = [Prisma.sql`account_id = ${accountId}`];
  if (q !== "") {
    conditions.push(searchCondition(q, [Prisma.sql`name`, Prisma.sql`email`, Prisma.sql`employee_number`]));
  }
  if (role !== null) conditions.push(ROLES[role]);
  return Prisma.join(conditions, " AND ");
}
