import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList, type ListSource } from "@/lib/public-api/lists/read-list";
import type { VehicleStatusRecord } from "./presenter";

type Reader = Permit<"vehicles.read">;

const times: Readonly<Record<string, ListField>> = {
  created_at: { column: Prisma.sql`s.created_at`, type: "timestamp" },
  updated_at: { column: Prisma.sql`s.updated_at`, type: "timestamp" },
};

export const vehicleStatusList: ListDefinition = {
  resource: "vehicle_statuses",
  id: Prisma.sql`s.id`,
  filters: { name: { column: Prisma.sql`s.name`, type: "text" }, ...times },
  sorts: times,
};

function sourceOf(permit: Reader): ListSource {
  return {
    accountId: permit.account.id,
    select: Prisma.sql`s.id, s.account_id AS "accountId", s.name, s.color, s.position, s.is_default AS "isDefault", s.created_at AS "createdAt", s.updated_at AS "updatedAt"`,
    from: Prisma.sql`vehicle_statuses s`,
    where: Prisma.sql`s.account_id = ${permit.account.id}`,
  };
}

export function listVehicleStatuses(permit: Reader, request: ListRequest): Promise<ListPage<VehicleStatusRecord>> {
  return readList<VehicleStatusRecord>(vehicleStatusList, request, sourceOf(permit));
}

/** @throws DomainError not_found */
export async function findVehicleStatus(permit: Reader, { id }: { id: number }): Promise<VehicleStatusRecord> {
  const { select, from, where } = sourceOf(permit);
  const [found] = await readSql<VehicleStatusRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND s.id = ${id}`,
  );
  if (found === undefined) throw noSuchRecord();
  return found;
}

const CHOICES_AT_MOST = 500;

/** What a vehicle's form and the list's filter offer. */
export function listVehicleStatusChoices(permit: Reader): Promise<{ id: number; name: string; isDefault: boolean }[]> {
  return db().vehicleStatus.findMany({
    where: { accountId: permit.account.id },
    select: { id: true, name: true, isDefault: true },
    orderBy: [{ position: "asc" }, { id: "asc" }],
    take: CHOICES_AT_MOST,
  });
}
