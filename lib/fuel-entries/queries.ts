import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { FuelEntryRecord } from "./presenter";

/** What a fuel entry is read with; `where` shows the account. */
export function fuelEntrySource(accountId: number) {
  return {
    select: Prisma.sql`fe.id, fe.account_id AS "accountId", fe.vehicle_id AS "vehicleId", fe.date, fe.fuel_type_name AS "fuelTypeName",
      fe.volume::text AS volume, fe.volume_units::text AS "volumeUnits", fe.price_per_volume_unit::text AS "pricePerVolumeUnit",
      fe.total_amount::text AS "totalAmount", fe.partial, fe.personal, fe.reference, fe.vendor_name AS "vendorName",
      fe.external_id AS "externalId", fe.custom_fields AS "customFields", fe.created_at AS "createdAt", fe.updated_at AS "updatedAt",
      me.id AS "meterEntryId", me.value::text AS "meterValue", me.void AS "meterVoid", me.date::text AS "meterDate",
      me.created_at AS "meterCreatedAt", me.updated_at AS "meterUpdatedAt",
      json_build_object('id', v.id, 'name', v.name, 'color', v.color, 'licensePlate', v.license_plate, 'vin', v.vin,
        'year', v.year, 'make', v.make, 'model', v.model, 'trim', v.trim,
        'registrationExpirationMonth', v.registration_expiration_month, 'registrationState', v.registration_state) AS vehicle`,
    from: Prisma.sql`fuel_entries fe
      JOIN vehicles v ON v.account_id = fe.account_id AND v.id = fe.vehicle_id
      LEFT JOIN meter_entries me ON me.account_id = fe.account_id AND me.id = fe.meter_entry_id`,
    where: Prisma.sql`fe.account_id = ${accountId}`,
  };
}

export type FuelEntryRow = Omit<FuelEntryRecord, "meterEntry"> & {
  readonly meterEntryId: number | null;
  readonly meterValue: string;
  readonly meterVoid: boolean;
  readonly meterDate: string;
  readonly meterCreatedAt: Date;
  readonly meterUpdatedAt: Date;
};

/** A row as the record that it is of. */
export function fuelEntryOf({
  meterEntryId,
  meterValue,
  meterVoid,
  meterDate,
  meterCreatedAt,
  meterUpdatedAt,
  ...entry
}: FuelEntryRow): FuelEntryRecord {
  if (meterEntryId === null) return { ...entry, meterEntry: null };
  const { accountId, vehicleId, id: fuelEntryId } = entry;
  const reading = {
    kind: "primary",
    value: meterValue,
    isVoid: meterVoid,
    date: meterDate,
    createdAt: meterCreatedAt,
    updatedAt: meterUpdatedAt,
  } as const;
  return { ...entry, meterEntry: { id: meterEntryId, accountId, vehicleId, fuelEntryId, ...reading } };
}

/** @throws DomainError not_found */
export async function findFuelEntry(
  permit: Permit<"fuelEntries.read">,
  { id }: { id: number },
): Promise<FuelEntryRecord> {
  const { select, from, where } = fuelEntrySource(permit.account.id);
  const [row] = await readSql<FuelEntryRow>(Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND fe.id = ${id}`);
  if (row === undefined) throw noSuchRecord();
  return fuelEntryOf(row);
}
