import "server-only";

import type { FuelVolumeUnit } from "@/generated/prisma/enums";
import { mayDo, type Permit } from "@/lib/auth/permit";
import { readDatedList, type DatedList } from "@/lib/platform/dated-list";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { economyTexts, economyUnit, fuelEntryVerbs, type EconomyUnit, type FuelEntryVerb } from "./policy";
import type { FuelEntryRecord } from "./presenter";
import { fuelEntryOf, fuelEntrySource, listedFuelEntries, type FuelEntryRow as FuelEntryColumns } from "./queries";
import type { FuelEntryListQuery } from "./schema";

type Reader = Permit<"fuelEntries.read">;

/** One fuelling as the screen sees it; times are ISO 8601, exact numbers texts. */
export interface FuelEntryRow {
  readonly id: number;
  /** "Truck 1: 12.34" */
  readonly name: string;
  readonly vehicle: { readonly id: number; readonly name: string };
  readonly date: string;
  readonly volume: string;
  readonly volumeUnits: FuelVolumeUnit;
  readonly pricePerVolumeUnit: string | null;
  readonly totalAmount: string | null;
  /** Such as "$". */
  readonly currencySymbol: string;
  readonly meterValue: string | null;
  readonly meterVoid: boolean;
  readonly meterUnit: FuelEntryRecord["meterUnit"];
  /** Null where unknown. */
  readonly economy: { readonly value: string; readonly unit: EconomyUnit } | null;
  readonly partial: boolean;
  readonly personal: boolean;
  readonly reset: boolean;
  readonly fuelTypeName: string | null;
  readonly vendorName: string | null;
  readonly reference: string | null;
  readonly customFields: FuelEntryRecord["customFields"];
  readonly verbs: readonly FuelEntryVerb[];
}

function economyOf({ meterUnit, vehicleVolumeUnits, useSinceFull }: FuelEntryRecord): FuelEntryRow["economy"] {
  const unit = economyUnit(meterUnit, vehicleVolumeUnits);
  const value = economyTexts(meterUnit, useSinceFull)[unit];
  return value === null ? null : { value, unit };
}

function toRow(permit: Reader, entry: FuelEntryRecord): FuelEntryRow {
  const { id, vehicle, volume, volumeUnits, pricePerVolumeUnit, totalAmount, meterUnit, partial, personal } = entry;
  const { reset, fuelTypeName, vendorName, reference, customFields, currencySymbol } = entry;
  return {
    id,
    name: `${vehicle.name}: ${volume}`,
    vehicle: { id: vehicle.id, name: vehicle.name },
    date: entry.date.toISOString(),
    volume,
    volumeUnits,
    pricePerVolumeUnit,
    totalAmount,
    currencySymbol,
    meterValue: entry.meterEntry?.value ?? null,
    meterVoid: entry.meterEntry?.isVoid ?? false,
    meterUnit,
    economy: economyOf(entry),
    partial,
    personal,
    reset,
    fuelTypeName,
    vendorName,
    reference,
    customFields,
    verbs: fuelEntryVerbs((permission) => mayDo(permit.actor, permission)),
  };
}

/** One page of the account's fuel entries as the console lists them. */
export async function listFuelEntryRows(permit: Reader, view: FuelEntryListQuery): Promise<DatedList<FuelEntryRow>> {
  const accountId = permit.account.id;
  const { select, from, where } = fuelEntrySource(accountId);
  const list = await readDatedList({
    records: listedFuelEntries,
    accountId,
    view,
    // The page's rows first, by index alone; what they need from other tables is joined to at most a page of them.
    fetch: (page, order) =>
      readSql<FuelEntryColumns & { sortValue: string }>(Prisma.sql`
        WITH page AS (${page})
        SELECT ${select}, page.sort_value::text AS "sortValue" FROM page
        JOIN (${from}) ON fe.id = page.id WHERE ${where} ORDER BY ${order}`),
  });
  return { ...list, rows: list.rows.map((columns) => toRow(permit, fuelEntryOf(columns))) };
}
