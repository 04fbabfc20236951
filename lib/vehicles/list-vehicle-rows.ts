import "server-only";

import { mayDo, type Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { readRecordList, type ListedRow, type RecordList } from "@/lib/platform/record-list";
import { isCurrentAssignment } from "@/lib/vehicle-assignments/queries";
import { vehicleVerbs, type VehicleVerb } from "./policy";
import type { VehicleRecord } from "./presenter";
import { findVehicle, listedVehicles } from "./queries";
import type { VehicleListQuery } from "./schema";

type Reader = Permit<"vehicles.read">;

/** Exact numbers are texts. */
interface PageRecord {
  readonly id: number;
  readonly name: string;
  readonly year: number | null;
  readonly make: string | null;
  readonly model: string | null;
  readonly vin: string | null;
  readonly licensePlate: string | null;
  readonly typeName: string;
  readonly statusName: string;
  /** A CSS color. */
  readonly statusColor: string;
  readonly meterValue: string;
  readonly meterUnit: VehicleRecord["primaryMeterUnit"];
  /** The day of the latest reading; null when there is none. */
  readonly meterDate: string | null;
  /** Who has it now. */
  readonly driver: { readonly id: number; readonly name: string } | null;
  readonly sortValue: string;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}

/** One vehicle as the list shows it. */
export type VehicleRow = ListedRow<PageRecord, VehicleVerb>;

/** The page's rows first, by index alone; what they need from other tables is joined to at most a page of them. */
function pageRecords(page: Prisma.Sql, resultOrder: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH page AS (${page})
    SELECT page.id, page.sort_value::text AS "sortValue", page.name, page.year, page.make, page.model, page.vin,
      page.license_plate AS "licensePlate", t.name AS "typeName", s.name AS "statusName", s.color AS "statusColor",
      page.primary_meter_value::text AS "meterValue", page.primary_meter_unit::text AS "meterUnit",
      page.primary_meter_date::text AS "meterDate", driver.contact AS driver, page.created_at AS "createdAt",
      page.archived_at AS "archivedAt"
    FROM page
    LEFT JOIN vehicle_types t ON t.account_id = page.account_id AND t.id = page.vehicle_type_id
    LEFT JOIN vehicle_statuses s ON s.account_id = page.account_id AND s.id = page.vehicle_status_id
    LEFT JOIN LATERAL (
      SELECT json_build_object('id', c.id, 'name', c.name) AS contact
      FROM vehicle_assignments va JOIN contacts c ON c.account_id = va.account_id AND c.id = va.contact_id
      WHERE va.account_id = page.account_id AND va.vehicle_id = page.id AND ${isCurrentAssignment} LIMIT 1
    ) driver ON TRUE
    ORDER BY ${resultOrder}`;
}

function verbsFor(permit: Reader, vehicle: { readonly archivedAt: Date | null }): VehicleVerb[] {
  return vehicleVerbs(vehicle, (permission) => mayDo(permit.actor, permission));
}

/** One page of the account's vehicles as the console lists them. */
export function listVehicleRows(permit: Reader, view: VehicleListQuery): Promise<RecordList<VehicleRow>> {
  return readRecordList({
    records: listedVehicles,
    accountId: permit.account.id,
    view,
    fetch: (page, resultOrder) => readSql<PageRecord>(pageRecords(page, resultOrder)),
    verbsOf: (vehicle) => verbsFor(permit, vehicle),
  });
}

export interface VehicleDetails extends VehicleRecord {
  readonly verbs: readonly VehicleVerb[];
}

/** A vehicle's own page. @throws DomainError not_found */
export async function getVehicle(permit: Reader, id: number): Promise<VehicleDetails> {
  const vehicle = await findVehicle(permit, { ref: { id } });
  return { ...vehicle, verbs: verbsFor(permit, vehicle) };
}

/** How the account measures: what a new vehicle's form begins with. */
export async function accountMeasures(
  permit: Reader,
): Promise<Pick<VehicleRecord, "primaryMeterUnit" | "fuelVolumeUnits" | "systemOfMeasurement">> {
  const account = await db().account.findUniqueOrThrow({
    where: { id: permit.account.id },
    select: { defaultMeterUnit: true, defaultFuelVolumeUnit: true, systemOfMeasurement: true },
  });
  const { defaultMeterUnit: primaryMeterUnit, defaultFuelVolumeUnit: fuelVolumeUnits, systemOfMeasurement } = account;
  return { primaryMeterUnit, fuelVolumeUnits, systemOfMeasurement };
}
