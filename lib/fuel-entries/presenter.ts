import { z } from "zod";

import type { FuelVolumeUnit, MeterUnit } from "@/generated/prisma/enums";
import {
  meterReadingShape,
  NO_METER_READING,
  noMeterReadingShape,
  presentMeterReading,
  type MeterEntryRecord,
} from "@/lib/meter-entries/presenter";
import {
  attachmentPermissionsShape,
  countShape,
  customFieldsShape,
  decimalShape,
  fieldMerger,
  idShape,
  instantShape,
  noneShape,
  nothing,
  textOrNull,
  wholeShape,
} from "@/lib/platform/output-fields";
import { presentVehicleStub, vehicleStubShape, type VehicleStubRecord } from "@/lib/vehicles/presenter";
import { ECONOMY_UNITS, economyTexts, economyUnit, priceText, usageTexts, volumeIn, type FuelUse } from "./policy";

/** A fuelling. Exact numbers are texts, as the database writes them: "12.3400". */
export interface FuelEntryRecord {
  readonly id: number;
  readonly accountId: number;
  readonly vehicleId: number;
  readonly date: Date;
  readonly fuelTypeId: number | null;
  readonly fuelTypeName: string | null;
  readonly volume: string;
  readonly volumeUnits: FuelVolumeUnit;
  readonly pricePerVolumeUnit: string | null;
  readonly totalAmount: string | null;
  /** Of the account: amounts are in one currency. */
  readonly currencySymbol: string;
  readonly partial: boolean;
  readonly personal: boolean;
  /** A fuelling before it was not noted. */
  readonly reset: boolean;
  readonly reference: string | null;
  readonly vendorName: string | null;
  readonly externalId: string | null;
  readonly customFields: Readonly<Record<string, string | boolean | null>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly vehicle: VehicleStubRecord;
  /** The reading of the primary meter that was taken with it. */
  readonly meterEntry: MeterEntryRecord | null;
  /** Of the vehicle, as it is now. */
  readonly meterUnit: MeterUnit;
  readonly vehicleVolumeUnits: FuelVolumeUnit;
  /** What the meter ran since the fuelling before; null where unknown. */
  readonly usage: string | null;
  /** Since the full fill-up before this full one; null where unknown. */
  readonly useSinceFull: FuelUse | null;
}

/** What the audit log calls it. */
export function fuelEntryName({ vehicle, date }: FuelEntryRecord): string {
  return `${vehicle.name} on ${date.toISOString().slice(0, 10)}`;
}

/** What connectors' schemas list and this fleet has nothing of. */
const ABSENT = {
  vendor_id: null,
  vendor: null,
  region: null,
  type: null,
  is_sample: false,
  raw_transaction_data: {},
  geolocation: {},
  map_previews: {},
  attachment_permissions: { read_photos: false, manage_photos: false, read_documents: false, manage_documents: false },
  comments: [],
  comments_count: 0,
  documents: [],
  documents_count: 0,
  images: [],
  images_count: 0,
  watchers_count: 0,
} as const;

const absentShape = {
  vendor_id: nothing(),
  vendor: nothing(),
  region: nothing(),
  type: nothing(),
  is_sample: z.boolean(),
  raw_transaction_data: z.strictObject({}),
  geolocation: z.strictObject({}),
  map_previews: z.strictObject({}),
  attachment_permissions: attachmentPermissionsShape(),
  comments: noneShape(),
  comments_count: countShape(),
  documents: noneShape(),
  documents_count: countShape(),
  images: noneShape(),
  images_count: countShape(),
  watchers_count: countShape(),
};

/** An exact number that is known only where the readings tell it. */
const economyNumberShape = () => decimalShape().nullable();

const economyShape = {
  usage_in_hr: economyNumberShape(),
  usage_in_km: economyNumberShape(),
  usage_in_mi: economyNumberShape(),
  kpl: economyNumberShape(),
  lp100k: economyNumberShape(),
  mpg_uk: economyNumberShape(),
  mpg_us: economyNumberShape(),
  liters_per_hr: economyNumberShape(),
  uk_gallons_per_hr: economyNumberShape(),
  us_gallons_per_hr: economyNumberShape(),
  cost_per_hr: economyNumberShape(),
  cost_per_km: economyNumberShape(),
  cost_per_mi: economyNumberShape(),
  fuel_economy_units_for_current_user: z.enum(ECONOMY_UNITS),
};

export const fuelEntryShape = z.strictObject({
  id: idShape(),
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  vehicle_id: idShape(),
  vehicle_name: z.string(),
  date: instantShape(),
  fuel_type_id: idShape().nullable(),
  fuel_type_name: textOrNull(),
  us_gallons: decimalShape(),
  uk_gallons: decimalShape(),
  liters: decimalShape(),
  price_per_volume_unit: decimalShape().nullable(),
  total_amount: decimalShape().nullable(),
  total_amount_cents: wholeShape().nullable(),
  partial: z.boolean(),
  personal: z.boolean(),
  reset: z.boolean(),
  reference: textOrNull(),
  vendor_name: textOrNull(),
  external_id: textOrNull(),
  custom_fields: customFieldsShape(),
  ...economyShape,
  ...absentShape,
  meter_entry: z
    .union([meterReadingShape, noMeterReadingShape])
    .meta({ description: "All of it null where no reading was taken." }),
  vehicle: vehicleStubShape,
});

const mergeFields = fieldMerger();

export function presentFuelEntry(entry: FuelEntryRecord): z.infer<typeof fuelEntryShape> {
  const own = {
    id: entry.id,
    account_id: entry.accountId,
    created_at: entry.createdAt.toISOString(),
    updated_at: entry.updatedAt.toISOString(),
    vehicle_id: entry.vehicleId,
    vehicle_name: entry.vehicle.name,
    date: entry.date.toISOString(),
    fuel_type_id: entry.fuelTypeId,
    fuel_type_name: entry.fuelTypeName,
    us_gallons: volumeIn("us_gallons", entry),
    uk_gallons: volumeIn("uk_gallons", entry),
    liters: volumeIn("liters", entry),
    price_per_volume_unit: priceText(entry.pricePerVolumeUnit),
    total_amount: entry.totalAmount,
    total_amount_cents: entry.totalAmount === null ? null : Math.round(Number(entry.totalAmount) * 100),
    partial: entry.partial,
    personal: entry.personal,
    reset: entry.reset,
    reference: entry.reference,
    vendor_name: entry.vendorName,
    external_id: entry.externalId,
    custom_fields: { ...entry.customFields },
    fuel_economy_units_for_current_user: economyUnit(entry.meterUnit, entry.vehicleVolumeUnits),
    meter_entry: entry.meterEntry === null ? NO_METER_READING : presentMeterReading(entry.meterEntry),
    vehicle: presentVehicleStub(entry.vehicle),
  };
  return mergeFields(
    own,
    usageTexts(entry.meterUnit, entry.usage),
    economyTexts(entry.meterUnit, entry.useSinceFull),
    ABSENT,
  );
}
