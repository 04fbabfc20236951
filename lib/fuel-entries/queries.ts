import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { valuesShown } from "@/lib/custom-fields/queries";
import type { DatedRecords } from "@/lib/platform/dated-list";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import { vehicleStub } from "@/lib/vehicles/queries";
import { LITERS_IN } from "./policy";
import type { FuelEntryRecord } from "./presenter";
import type { FuelEntryExportInput } from "./schema";

/** How many fuellings back the last full one is looked for: a page costs the same however a vehicle is fuelled. */
const FUELLINGS_LOOKED_BACK = 50;

const liters = Prisma.sql`f.volume * CASE f.volume_units WHEN 'us_gallons' THEN ${LITERS_IN.us_gallons}::numeric
  WHEN 'uk_gallons' THEN ${LITERS_IN.uk_gallons}::numeric ELSE 1 END`;

/** The fuellings of the same vehicle before one, the latest first, each with what its meter said if that counts. */
const fuellingsBefore = Prisma.sql`(
  SELECT f.id, f.date, f.partial, f.reset, r.value FROM fuel_entries f
  LEFT JOIN meter_entries r ON r.account_id = f.account_id AND r.id = f.meter_entry_id AND NOT r.void
  WHERE f.account_id = fe.account_id AND f.vehicle_id = fe.vehicle_id AND (f.date, f.id) < (fe.date, fe.id)
  ORDER BY f.date DESC, f.id DESC LIMIT ${FUELLINGS_LOOKED_BACK}) earlier`;

/** How far the vehicle went since the fuelling before whose reading is known. */
const usage = Prisma.sql`CASE WHEN NOT fe.reset AND NOT me.void THEN (
  SELECT (me.value - earlier.value)::text FROM ${fuellingsBefore} WHERE earlier.value IS NOT NULL
  ORDER BY earlier.date DESC, earlier.id DESC LIMIT 1) END`;

/** What went in since the tank was last full, this full fill-up included. A fuelling that was not noted in between leaves it unknown. */
const useSinceFull = Prisma.sql`CASE WHEN NOT fe.reset AND NOT fe.partial AND NOT me.void THEN (
  SELECT json_build_object('usage', (me.value - full_one.value)::text, 'liters', since.liters::text, 'amount', since.amount::text)
  FROM (
    SELECT * FROM ${fuellingsBefore} WHERE earlier.reset OR (NOT earlier.partial AND earlier.value IS NOT NULL)
    ORDER BY earlier.date DESC, earlier.id DESC LIMIT 1
  ) full_one CROSS JOIN LATERAL (
    SELECT sum(${liters}) AS liters, CASE WHEN count(*) = count(f.total_amount) THEN sum(f.total_amount) END AS amount
    FROM fuel_entries f WHERE f.account_id = fe.account_id AND f.vehicle_id = fe.vehicle_id
      AND (f.date, f.id) > (full_one.date, full_one.id) AND (f.date, f.id) <= (fe.date, fe.id)
  ) since WHERE NOT full_one.partial AND full_one.value IS NOT NULL) END`;

/** What a fuel entry is read with; `where` shows the account. */
export function fuelEntrySource(accountId: number) {
  return {
    accountId,
    select: Prisma.sql`fe.id, fe.account_id AS "accountId", fe.vehicle_id AS "vehicleId", fe.date, ft.id AS "fuelTypeId", fe.fuel_type_name AS "fuelTypeName",
      fe.volume::text AS volume, fe.volume_units::text AS "volumeUnits", fe.price_per_volume_unit::text AS "pricePerVolumeUnit",
      fe.total_amount::text AS "totalAmount", fe.partial, fe.personal, fe.reset, fe.reference, fe.vendor_name AS "vendorName",
      fe.external_id AS "externalId", ${valuesShown("fuel_entry", Prisma.sql`fe`)} AS "customFields", fe.created_at AS "createdAt", fe.updated_at AS "updatedAt",
      me.id AS "meterEntryId", me.value::text AS "meterValue", me.void AS "meterVoid", me.date::text AS "meterDate", me.taken_at AS "meterTakenAt",
      me.created_at AS "meterCreatedAt", me.updated_at AS "meterUpdatedAt",
      (SELECT currency_symbol FROM accounts WHERE id = ${accountId}) AS "currencySymbol", v.primary_meter_unit::text AS "meterUnit", v.fuel_volume_units::text AS "vehicleVolumeUnits",
      ${usage} AS usage, ${useSinceFull} AS "useSinceFull",
      ${vehicleStub} AS vehicle`,
    from: Prisma.sql`fuel_entries fe
      JOIN vehicles v ON v.account_id = fe.account_id AND v.id = fe.vehicle_id
      LEFT JOIN meter_entries me ON me.account_id = fe.account_id AND me.id = fe.meter_entry_id
      LEFT JOIN fuel_types ft ON ft.account_id = fe.account_id AND ft.name = fe.fuel_type_name`,
    table: Prisma.sql`fuel_entries fe`,
    where: Prisma.sql`fe.account_id = ${accountId}`,
  };
}

/** The fuel entries that screen and file find. */
export const listedFuelEntries: DatedRecords<FuelEntryExportInput> = {
  table: Prisma.sql`fuel_entries`,
  when: Prisma.sql`date`,
  filters: ({ vehicle }) => [vehicle === null ? null : Prisma.sql`vehicle_id = ${vehicle}`],
};

interface Reading {
  readonly meterEntryId: number;
  readonly meterValue: string;
  readonly meterVoid: boolean;
  readonly meterDate: string;
  readonly meterTakenAt: Date | null;
  readonly meterCreatedAt: Date;
  readonly meterUpdatedAt: Date;
}

/** An entry without a reading has none of its columns. */
export type FuelEntryRow = Omit<FuelEntryRecord, "meterEntry"> & (Reading | { readonly [Name in keyof Reading]: null });

/** A row as the record that it is of. */
export function fuelEntryOf({
  meterEntryId,
  meterValue,
  meterVoid,
  meterDate,
  meterTakenAt,
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
    takenAt: meterTakenAt,
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

const SHOWN_AT_MOST = 5;

/** A vehicle's latest entries; a few, for its page. */
export async function listLatestFuelEntries(
  permit: Permit<"fuelEntries.read">,
  vehicleId: number,
): Promise<FuelEntryRecord[]> {
  const { select, from, where } = fuelEntrySource(permit.account.id);
  const rows = await readSql<FuelEntryRow>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND fe.vehicle_id = ${vehicleId}
      ORDER BY fe.date DESC, fe.id DESC LIMIT ${SHOWN_AT_MOST}`,
  );
  return rows.map(fuelEntryOf);
}

/** In which unit the account fuels unless a vehicle says otherwise. */
export async function accountVolumeUnit(permit: Permit<"fuelEntries.read">): Promise<FuelEntryRecord["volumeUnits"]> {
  const account = await db().account.findUniqueOrThrow({
    where: { id: permit.account.id },
    select: { defaultFuelVolumeUnit: true },
  });
  return account.defaultFuelVolumeUnit;
}
