import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList, type ListSource } from "@/lib/public-api/lists/read-list";
import type { VehicleTypeRecord } from "./presenter";

type Reader = Permit<"vehicles.read">;

const times: Readonly<Record<string, ListField>> = {
  created_at: { column: Prisma.sql`t.created_at`, type: "timestamp" },
  updated_at: { column: Prisma.sql`t.updated_at`, type: "timestamp" },
};

export const vehicleTypeList: ListDefinition = {
  resource: "vehicle_types",
  id: Prisma.sql`t.id`,
  filters: { name: { column: Prisma.sql`t.name`, type: "text" }, ...times },
  sorts: times,
};

function sourceOf(permit: Reader): ListSource {
  return {
    accountId: permit.account.id,
    select: Prisma.sql`t.id, t.account_id AS "accountId", t.name, t.is_default AS "isDefault", t.created_at AS "createdAt", t.updated_at AS "updatedAt"`,
    from: Prisma.sql`vehicle_types t`,
    where: Prisma.sql`t.account_id = ${permit.account.id}`,
  };
}

export function listVehicleTypes(permit: Reader, request: ListRequest): Promise<ListPage<VehicleTypeRecord>> {
  return readList<VehicleTypeRecord>(vehicleTypeList, request, sourceOf(permit));
}

/** @throws DomainError not_found */
export async function findVehicleType(permit: Reader, { id }: { id: number }): Promise<VehicleTypeRecord> {
  const { select, from, where } = sourceOf(permit);
  const [found] = await readSql<VehicleTypeRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND t.id = ${id}`,
  );
  if (found === undefined) throw noSuchRecord();
  return found;
}

const CHOICES_AT_MOST = 500;

/** What a vehicle's form and the list's filter offer. */
export function listVehicleTypeChoices(permit: Reader): Promise<{ id: number; name: string; isDefault: boolean }[]> {
  return db().vehicleType.findMany({
    where: { accountId: permit.account.id },
    select: { id: true, name: true, isDefault: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: CHOICES_AT_MOST,
  });
}
