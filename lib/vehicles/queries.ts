import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { valuesShown } from "@/lib/custom-fields/queries";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord } from "@/lib/platform/errors";
import type { SearchInput } from "@/lib/platform/list-view";
import { findMatches, type NamedMatch, type NamedRecords } from "@/lib/platform/record-list";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { namesRecords } from "@/lib/public-api/lists/list-fields";
import { readList, type ListSource } from "@/lib/public-api/lists/read-list";
import type { VehicleRecord } from "./presenter";
import { YEARS, type VehicleExportInput, type VehicleRef } from "./schema";

type Reader = Permit<"vehicles.read">;

const createdAt = { column: Prisma.sql`v.created_at`, type: "timestamp" } as const;
const updatedAt = { column: Prisma.sql`v.updated_at`, type: "timestamp" } as const;
const name = { column: Prisma.sql`v.name`, type: "text" } as const;

/** The name of a vehicle's type or status: of the few that fit, the ids are looked for. */
function nameOfSetting(settings: Prisma.Sql, reference: Prisma.Sql): ListField {
  return {
    column: Prisma.sql`named.name`,
    type: "orderedText",
    through: (condition, accountId) =>
      Prisma.sql`${reference} = ANY (ARRAY(SELECT named.id FROM ${settings} named WHERE named.account_id = ${accountId} AND ${condition}))`,
  };
}

export const vehicleList: ListDefinition = {
  resource: "vehicles",
  id: Prisma.sql`v.id`,
  filters: {
    name,
    vin: { column: Prisma.sql`v.vin`, type: "text" },
    license_plate: { column: Prisma.sql`v.license_plate`, type: "text" },
    external_id: { column: Prisma.sql`v.external_ids`, type: "textInObject" },
    make: { column: Prisma.sql`v.make`, type: "orderedText" },
    model: { column: Prisma.sql`v.model`, type: "orderedText" },
    trim: { column: Prisma.sql`v.trim`, type: "orderedText" },
    year: { column: Prisma.sql`v.year`, type: "integer", range: YEARS },
    labels: { column: Prisma.sql`v.labels`, type: "textList" },
    // This fleet keeps no groups: no vehicle has one.
    group_id: { column: Prisma.sql`NULL::int`, type: "integer" },
    group_name: { column: Prisma.sql`NULL::text`, type: "orderedText" },
    vehicle_type_id: { column: Prisma.sql`v.vehicle_type_id`, type: "integer" },
    vehicle_type_name: nameOfSetting(Prisma.sql`vehicle_types`, Prisma.sql`v.vehicle_type_id`),
    vehicle_status_id: { column: Prisma.sql`v.vehicle_status_id`, type: "integer" },
    vehicle_status_name: nameOfSetting(Prisma.sql`vehicle_statuses`, Prisma.sql`v.vehicle_status_id`),
    created_at: createdAt,
    updated_at: updatedAt,
  },
  sorts: {
    name,
    year: { column: Prisma.sql`COALESCE(v.year, 0)`, type: "integer" },
    created_at: createdAt,
    updated_at: updatedAt,
  },
  flags: ["include_archived"],
};

export const archivedVehicleList: ListDefinition = { ...vehicleList, scope: "vehicles/archived", flags: [] };

/** Everything that a vehicle's record holds, for `vehicleTables`. */
export const vehicleColumns = Prisma.sql`v.id, v.account_id AS "accountId", v.name, v.vin, v.license_plate AS "licensePlate",
  v.make, v.model, v.trim, v.year, v.color, v.vehicle_type_id AS "typeId", t.name AS "typeName",
  v.vehicle_status_id AS "statusId", s.name AS "statusName", s.color AS "statusColor", ft.id AS "fuelTypeId", v.fuel_type_name AS "fuelTypeName",
  v.fuel_volume_units::text AS "fuelVolumeUnits", v.ownership::text AS ownership, v.system_of_measurement::text AS "systemOfMeasurement",
  v.primary_meter_unit::text AS "primaryMeterUnit", v.primary_meter_value::text AS "primaryMeterValue",
  v.primary_meter_date::text AS "primaryMeterDate", v.primary_meter_usage_per_day::text AS "primaryMeterUsagePerDay",
  v.secondary_meter_unit::text AS "secondaryMeterUnit", v.secondary_meter_value::text AS "secondaryMeterValue",
  v.secondary_meter_date::text AS "secondaryMeterDate", v.secondary_meter_usage_per_day::text AS "secondaryMeterUsagePerDay",
  v.registration_state AS "registrationState", v.registration_expiration_month AS "registrationExpirationMonth",
  v.in_service_date::text AS "inServiceDate", v.in_service_meter_value::text AS "inServiceMeterValue",
  v.out_of_service_date::text AS "outOfServiceDate", v.out_of_service_meter_value::text AS "outOfServiceMeterValue",
  v.estimated_service_months AS "estimatedServiceMonths", (v.estimated_resale_price * 100)::float8 AS "estimatedResalePriceCents",
  v.estimated_replacement_mileage::text AS "estimatedReplacementMileage", v.external_ids AS "externalIds", v.labels,
  ${valuesShown("vehicle", Prisma.sql`v`)} AS "customFields", v.is_sample AS "isSample", v.archived_at AS "archivedAt",
  v.created_at AS "createdAt", v.updated_at AS "updatedAt",
  (SELECT count(*)::int FROM fuel_entries f WHERE f.account_id = v.account_id AND f.vehicle_id = v.id) AS "fuelEntriesCount"`;

/** What records that name a vehicle `v` show of it. */
export const vehicleStub = Prisma.sql`json_build_object('id', v.id, 'name', v.name, 'color', v.color,
  'licensePlate', v.license_plate, 'vin', v.vin, 'year', v.year, 'make', v.make, 'model', v.model, 'trim', v.trim,
  'registrationExpirationMonth', v.registration_expiration_month, 'registrationState', v.registration_state,
  'primaryMeterUnit', v.primary_meter_unit, 'primaryMeterValue', v.primary_meter_value::text, 'primaryMeterDate', v.primary_meter_date,
  'secondaryMeterUnit', v.secondary_meter_unit, 'secondaryMeterValue', v.secondary_meter_value::text)`;

/** Outer joins, which a count leaves out. */
export const vehicleTables = Prisma.sql`vehicles v
  LEFT JOIN vehicle_types t ON t.account_id = v.account_id AND t.id = v.vehicle_type_id
  LEFT JOIN vehicle_statuses s ON s.account_id = v.account_id AND s.id = v.vehicle_status_id
  LEFT JOIN fuel_types ft ON ft.account_id = v.account_id AND ft.name = v.fuel_type_name`;

type NamedVehicle = Exclude<VehicleRef, { readonly externalId: unknown }>;

/** As many as tell that there are several. */
const NAMED_AT_MOST = 3;

/**
 * The vehicle that is meant, by its id or VIN; an external id is looked up first, and never more of them are read than
 * tell that it names several.
 * @throws DomainError not_found; conflict where several have it
 */
export async function nameVehicle(
  accountId: number,
  ref: VehicleRef,
  read: (statement: Prisma.Sql) => Promise<{ id: number }[]>,
): Promise<NamedVehicle> {
  if (!("externalId" in ref)) return ref;
  const { key, value } = ref.externalId;
  const found = await read(
    Prisma.sql`SELECT v.id FROM vehicles v
      WHERE v.account_id = ${accountId} AND v.external_ids @> ${JSON.stringify({ [key]: value })}::jsonb LIMIT ${NAMED_AT_MOST}`,
  );
  const [first, ...others] = found;
  if (first === undefined) throw noSuchRecord();
  if (others.length === 0) return first;
  const ids = found.map(({ id }) => id).sort((left, right) => left - right);
  const more = ids.length === NAMED_AT_MOST ? " and perhaps others" : "";
  throw new DomainError(
    "conflict",
    `The vehicles ${ids.join(", ")}${more} have the external id ${key} ${value}. Name the one that you mean by its number. Nothing was changed.`,
  );
}

/** The one vehicle of an account that is meant. */
export function vehicleWhere(accountId: number, ref: NamedVehicle): Prisma.Sql {
  return "id" in ref
    ? Prisma.sql`v.account_id = ${accountId} AND v.id = ${ref.id}`
    : Prisma.sql`v.account_id = ${accountId} AND v.vin = ${ref.vin}`;
}

/** What the lists of an account's vehicles are read with. */
export function vehiclesOf(accountId: number, which = Prisma.sql`TRUE`): ListSource {
  return {
    select: vehicleColumns,
    from: vehicleTables,
    where: Prisma.sql`v.account_id = ${accountId} AND ${which}`,
    table: Prisma.sql`vehicles v`,
    accountId,
  };
}

/** The account's vehicles; archived ones only when they are asked for, or named. */
export function listVehicles(permit: Reader, request: ListRequest): Promise<ListPage<VehicleRecord>> {
  const showsAll = request.flags.includes("include_archived") || namesRecords(request);
  const which = showsAll ? Prisma.sql`TRUE` : Prisma.sql`v.archived_at IS NULL`;
  return readList<VehicleRecord>(vehicleList, request, vehiclesOf(permit.account.id, which));
}

export function listArchivedVehicles(permit: Reader, request: ListRequest): Promise<ListPage<VehicleRecord>> {
  return readList<VehicleRecord>(
    archivedVehicleList,
    request,
    vehiclesOf(permit.account.id, Prisma.sql`v.archived_at IS NOT NULL`),
  );
}

/** @throws DomainError not_found */
export async function findVehicle(permit: Reader, { ref }: { ref: VehicleRef }): Promise<VehicleRecord> {
  const named = await nameVehicle(permit.account.id, ref, (statement) => readSql(statement));
  const [vehicle] = await readSql<VehicleRecord>(
    Prisma.sql`SELECT ${vehicleColumns} FROM ${vehicleTables} WHERE ${vehicleWhere(permit.account.id, named)}`,
  );
  if (vehicle === undefined) throw noSuchRecord();
  return vehicle;
}

/** The id of the vehicle whose records are asked for. @throws DomainError not_found */
export async function findVehicleId(
  permit: Permit<"vehicleAssignments.read" | "meterEntries.read" | "fuelEntries.read" | "emptyCollections.read">,
  ref: VehicleRef,
): Promise<number> {
  const named = await nameVehicle(permit.account.id, ref, (statement) => readSql(statement));
  const [vehicle] = await readSql<{ id: number }>(
    Prisma.sql`SELECT v.id FROM vehicles v WHERE ${vehicleWhere(permit.account.id, named)}`,
  );
  if (vehicle === undefined) throw noSuchRecord();
  return vehicle.id;
}

/** The vehicles that screen, file and pickers find. */
export const listedVehicles: NamedRecords<VehicleExportInput> = {
  table: Prisma.sql`vehicles`,
  searched: [Prisma.sql`name`, Prisma.sql`vin`, Prisma.sql`license_plate`],
  filters: ({ type, status }) => [
    type === null ? null : Prisma.sql`vehicle_type_id = ${type}`,
    status === null ? null : Prisma.sql`vehicle_status_id = ${status}`,
  ],
};

/** A few of the account's vehicles that fit to what was typed, for a picker. */
export function searchVehicles(permit: Permit<"vehicles.read">, { q }: SearchInput): Promise<NamedMatch[]> {
  const hint = Prisma.sql`NULLIF(concat_ws(', ', NULLIF(concat_ws(' ', year, make, model), ''), license_plate), '')`;
  return findMatches(listedVehicles, permit.account.id, q, hint);
}

/** What a vehicle is called; null when the account has none such. */
export async function findVehicleName(permit: Permit<"vehicles.read">, id: number): Promise<string | null> {
  const found = await db().vehicle.findUnique({
    where: { accountId: permit.account.id, id },
    select: { name: true },
  });
  return found?.name ?? null;
}
