import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList, type ListSource } from "@/lib/public-api/lists/read-list";
import type { FuelTypeRecord } from "./presenter";

type Reader = Permit<"vehicles.read">;

const times: Readonly<Record<string, ListField>> = {
  created_at: { column: Prisma.sql`ft.created_at`, type: "timestamp" },
  updated_at: { column: Prisma.sql`ft.updated_at`, type: "timestamp" },
};

export const fuelTypeList: ListDefinition = {
  resource: "fuel_types",
  id: Prisma.sql`ft.id`,
  filters: { name: { column: Prisma.sql`ft.name`, type: "text" }, ...times },
  sorts: times,
};

function sourceOf(permit: Reader): ListSource {
  return {
    accountId: permit.account.id,
    select: Prisma.sql`ft.id, ft.account_id AS "accountId", ft.name, ft.created_at AS "createdAt", ft.updated_at AS "updatedAt"`,
    from: Prisma.sql`fuel_types ft`,
    where: Prisma.sql`ft.account_id = ${permit.account.id}`,
  };
}

export function listFuelTypes(permit: Reader, request: ListRequest): Promise<ListPage<FuelTypeRecord>> {
  return readList<FuelTypeRecord>(fuelTypeList, request, sourceOf(permit));
}

/** @throws DomainError not_found */
export async function findFuelType(permit: Reader, { id }: { id: number }): Promise<FuelTypeRecord> {
  const { select, from, where } = sourceOf(permit);
  const [found] = await readSql<FuelTypeRecord>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND ft.id = ${id}`,
  );
  if (found === undefined) throw noSuchRecord();
  return found;
}
