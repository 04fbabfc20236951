import "server-only";

import type { MeterKind, MeterUnit } from "@/generated/prisma/enums";
import { mayDo, type Permit } from "@/lib/auth/permit";
import { readDatedList, type DatedList, type DatedRecords } from "@/lib/platform/dated-list";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import { meterFacts, METER_READINGS_NEEDED, type MeterReading } from "@/lib/vehicles/policy";
import { vehicleStub } from "@/lib/vehicles/queries";
import {
  meterEntryVerbs,
  meterMove,
  outOfOrder,
  type Meter,
  type MeterEntryVerb,
  type MeterMove,
  type ReadingsBeside,
  type VehicleMeter,
} from "./policy";
import type { MeterEntryWithVehicle } from "./presenter";
import type { MeterEntryExportInput, MeterEntryListQuery } from "./schema";

type Reader = Permit<"meterEntries.read">;

/** What a meter entry is read with; `where` shows the account. */
export function meterEntrySource(accountId: number) {
  return {
    accountId,
    select: Prisma.sql`me.id, me.account_id AS "accountId", me.vehicle_id AS "vehicleId", me.kind::text AS kind, me.value::text AS value,
      me.void AS "isVoid", me.date::text AS date, me.taken_at AS "takenAt", me.created_at AS "createdAt", me.updated_at AS "updatedAt",
      (SELECT fe.id FROM fuel_entries fe WHERE fe.meter_entry_id = me.id) AS "fuelEntryId",
      ${vehicleStub} AS vehicle`,
    from: Prisma.sql`meter_entries me JOIN vehicles v ON v.account_id = me.account_id AND v.id = me.vehicle_id`,
    table: Prisma.sql`meter_entries me`,
    where: Prisma.sql`me.account_id = ${accountId}`,
  };
}

/** A change's own connection, for what is read before it is written. */
type Within = Pick<Prisma.TransactionClient, "$queryRaw">;

/** The readings that say where a vehicle's meter stands. */
function readingsThatCount(accountId: number, { vehicleId, kind }: Meter): Prisma.Sql {
  return Prisma.sql`
    SELECT id, value::text AS value, date::text AS date, to_json(taken_at) #>> '{}' AS "takenAt", void AS "isVoid" FROM meter_entries
    WHERE account_id = ${accountId} AND vehicle_id = ${vehicleId} AND kind = ${kind}::meter_kind AND NOT void
    ORDER BY date DESC, meter_entries.value DESC, id DESC LIMIT ${METER_READINGS_NEEDED}`;
}

/** One row of `VehicleMeter`. */
function vehicleMeter(accountId: number, { vehicleId, kind }: Meter): Prisma.Sql {
  const of = (column: string) => Prisma.raw(`${kind}_meter_${column}::text`);
  return Prisma.sql`
    SELECT id, name, ${of("value")} AS value, ${of("date")} AS date, ${of("usage_per_day")} AS "usagePerDay"
    FROM vehicles WHERE account_id = ${accountId} AND id = ${vehicleId}`;
}

/** What a vehicle's readings make different in it; null where they change nothing. */
export async function readMeterMove(tx: Within, accountId: number, meter: Meter): Promise<MeterMove | null> {
  const readings = await tx.$queryRaw<MeterReading[]>(readingsThatCount(accountId, meter));
  const [vehicle] = await tx.$queryRaw<VehicleMeter[]>(vehicleMeter(accountId, meter));
  return vehicle === undefined ? null : meterMove(vehicle, meter.kind, meterFacts(readings));
}

interface PlacedReading {
  /** The reading that is being changed, which is not compared with itself; null for a new one. */
  readonly id: number | null;
  readonly vehicleId: number;
  readonly kind: MeterKind;
  /** Such as "2026-11-22". */
  readonly date: string;
  /** When on that day; null where nobody said. */
  readonly takenAt: Date | null;
  readonly value: string;
}

/** Offsets lie up to 15 hours from UTC on both sides: of two instants the later one may have been written as an earlier day. */
const DAYS_APART = Prisma.sql`2`;

/**
 * One row of `ReadingsBeside`. Of two readings of one day nobody knows which came first, unless both have a time; so they
 * bind each other to nothing. Of a later day's readings without a time only the highest binds, as it alone counts.
 */
function readingsBeside(accountId: number, placed: readonly PlacedReading[]): Prisma.Sql {
  const others = Prisma.sql`FROM meter_entries me WHERE me.account_id = ${accountId} AND me.vehicle_id = r."vehicleId"
    AND me.kind = r.kind AND NOT me.void AND me.id <> COALESCE(r.id, 0)`;
  const reading = Prisma.sql`json_build_object('id', me.id, 'value', me.value::text, 'date', me.date::text, 'takenAt', me.taken_at)`;
  const isOutdone = Prisma.sql`me.taken_at IS NULL AND EXISTS (SELECT FROM meter_entries higher
    WHERE higher.account_id = ${accountId} AND higher.vehicle_id = r."vehicleId" AND higher.kind = r.kind AND NOT higher.void
      AND higher.id <> COALESCE(r.id, 0) AND higher.date = me.date AND higher.taken_at IS NULL AND higher.value > me.value)`;
  return Prisma.sql`SELECT r.value,
    (SELECT ${reading} ${others} AND me.date <= r.date + ${DAYS_APART}
      AND CASE WHEN me.taken_at IS NULL OR r."takenAt" IS NULL THEN me.date < r.date ELSE me.taken_at < r."takenAt" END
      ORDER BY me.date DESC, me.value DESC LIMIT 1) AS before,
    (SELECT ${reading} ${others} AND me.date >= r.date - ${DAYS_APART} AND NOT (${isOutdone})
      AND CASE WHEN me.taken_at IS NULL OR r."takenAt" IS NULL THEN me.date > r.date ELSE me.taken_at > r."takenAt" END
      ORDER BY me.date, me.value LIMIT 1) AS after
    FROM json_to_recordset(${JSON.stringify(placed)}::json) AS r(id int, "vehicleId" int, kind meter_kind, date date, "takenAt" timestamptz, value text)`;
}

/** What is to be said of the first of the readings that would have its meter run back; null where none would. */
export async function findDisorder(
  tx: Within,
  accountId: number,
  placed: readonly PlacedReading[],
): Promise<string | null> {
  const beside = await tx.$queryRaw<ReadingsBeside[]>(readingsBeside(accountId, placed));
  return beside.map(outOfOrder).find((complaint) => complaint !== null) ?? null;
}

/** @throws DomainError not_found */
export async function findMeterEntry(permit: Reader, { id }: { id: number }): Promise<MeterEntryWithVehicle> {
  const { select, from, where } = meterEntrySource(permit.account.id);
  const [entry] = await readSql<MeterEntryWithVehicle>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND me.id = ${id}`,
  );
  if (entry === undefined) throw noSuchRecord();
  return entry;
}

const SHOWN_AT_MOST = 5;

/** A vehicle's latest entries, the void ones among them; a few, for its page. */
export function listLatestMeterEntries(permit: Reader, vehicleId: number): Promise<MeterEntryWithVehicle[]> {
  const { select, from, where } = meterEntrySource(permit.account.id);
  return readSql<MeterEntryWithVehicle>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND me.vehicle_id = ${vehicleId}
      ORDER BY me.date DESC, me.taken_at DESC NULLS LAST, me.id DESC LIMIT ${SHOWN_AT_MOST}`,
  );
}

/** The readings that screen and file find. */
export const listedMeterEntries: DatedRecords<MeterEntryExportInput> = {
  table: Prisma.sql`meter_entries`,
  // Where nobody said when, it is the beginning of the day.
  when: Prisma.sql`COALESCE(taken_at, date::timestamp AT TIME ZONE 'UTC')`,
  filters: ({ vehicle }) => [vehicle === null ? null : Prisma.sql`vehicle_id = ${vehicle}`],
};

/** One reading as the screen sees it. Exact numbers are texts. */
export interface MeterEntryRow {
  readonly id: number;
  /** "Truck 1: 1234.5" */
  readonly name: string;
  readonly vehicle: { readonly id: number; readonly name: string };
  readonly kind: MeterKind;
  readonly value: string;
  readonly unit: MeterUnit;
  /** Such as "2026-11-22". */
  readonly date: string;
  /** When on that day, in ISO 8601; null where nobody said. */
  readonly takenAt: string | null;
  readonly isVoid: boolean;
  /** The fuel entry that it was taken for. */
  readonly fuelEntryId: number | null;
  readonly verbs: readonly MeterEntryVerb[];
}

type PageRecord = Omit<MeterEntryRow, "name" | "takenAt" | "verbs"> & {
  readonly sortValue: string;
  readonly takenAt: Date | null;
};

/** The page's rows first, by index alone; what they need from other tables is joined to at most a page of them. */
function pageRecords(page: Prisma.Sql, resultOrder: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH page AS (${page})
    SELECT page.id, page.sort_value::text AS "sortValue", page.kind::text AS kind, page.value::text AS value,
      page.date::text AS date, page.taken_at AS "takenAt", page.void AS "isVoid", fe.id AS "fuelEntryId",
      (CASE WHEN page.kind = 'primary' THEN v.primary_meter_unit ELSE COALESCE(v.secondary_meter_unit, v.primary_meter_unit) END)::text AS unit,
      json_build_object('id', v.id, 'name', v.name) AS vehicle
    FROM page
    JOIN vehicles v ON v.account_id = page.account_id AND v.id = page.vehicle_id
    LEFT JOIN fuel_entries fe ON fe.meter_entry_id = page.id AND fe.account_id = page.account_id
    ORDER BY ${resultOrder}`;
}

/** One page of the account's readings as the console lists them. */
export async function listMeterEntryRows(permit: Reader, view: MeterEntryListQuery): Promise<DatedList<MeterEntryRow>> {
  const list = await readDatedList({
    records: listedMeterEntries,
    accountId: permit.account.id,
    view,
    fetch: (page, order) => readSql<PageRecord>(pageRecords(page, order)),
  });
  const rows = list.rows.map(({ sortValue: _, takenAt, ...row }) => ({
    ...row,
    takenAt: takenAt?.toISOString() ?? null,
    name: `${row.vehicle.name}: ${row.value}`,
    verbs: meterEntryVerbs(row, (permission) => mayDo(permit.actor, permission)),
  }));
  return { ...list, rows };
}
