import { z } from "zod";

import type { FuelVolumeUnit } from "@/generated/prisma/enums";
import { meterReadingShape, presentMeterReading, type MeterEntryRecord } from "@/lib/meter-entries/presenter";
import {
  attachmentPermissionsShape,
  countShape,
  customFieldsShape,
  decimalShape,
  idShape,
  instantShape,
  noneShape,
  nothing,
  textOrNull,
} from "@/lib/platform/output-fields";
import { presentVehicleStub, vehicleStubShape, type VehicleStubRecord } from "@/lib/vehicles/presenter";
import { priceText, volumeIn } from "./policy";

/** A fuelling. Exact numbers are texts, as the database writes them: "12.3400". */
export interface FuelEntryRecord {
  readonly id: number;
  readonly accountId: number;
  readonly vehicleId: number;
  readonly date: Date;
  readonly fuelTypeName: string | null;
  readonly volume: string;
  readonly volumeUnits: FuelVolumeUnit;
  readonly pricePerVolumeUnit: string | null;
  readonly totalAmount: string | null;
  readonly partial: boolean;
  readonly personal: boolean;
  readonly reference: string | null;
  readonly vendorName: string | null;
  readonly externalId: string | null;
  readonly customFields: Readonly<Record<string, string | boolean | null>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly vehicle: VehicleStubRecord;
  /** The reading of the primary meter that was taken with it. */
  readonly meterEntry: MeterEntryRecord | null;
}

/** What connectors' schemas list and this fleet has nothing of. */
const ABSENT = {
  fuel_type_id: null,
  vendor_id: null,
  vendor: null,
  region: null,
  type: null,
  reset: false,
  is_sample: false,
  cost_per_hr: null,
  cost_per_km: null,
  cost_per_mi: null,
  kpl: null,
  lp100k: null,
  mpg_uk: null,
  mpg_us: null,
  liters_per_hr: null,
  uk_gallons_per_hr: null,
  us_gallons_per_hr: null,
  usage_in_hr: null,
  usage_in_km: null,
  usage_in_mi: null,
  fuel_economy_units_for_current_user: null,
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
  fuel_type_id: nothing(),
  vendor_id: nothing(),
  vendor: nothing(),
  region: nothing(),
  type: nothing(),
  reset: z.boolean(),
  is_sample: z.boolean(),
  cost_per_hr: nothing(),
  cost_per_km: nothing(),
  cost_per_mi: nothing(),
  kpl: nothing(),
  lp100k: nothing(),
  mpg_uk: nothing(),
  mpg_us: nothing(),
  liters_per_hr: nothing(),
  uk_gallons_per_hr: nothing(),
  us_gallons_per_hr: nothing(),
  usage_in_hr: nothing(),
  usage_in_km: nothing(),
  usage_in_mi: nothing(),
  fuel_economy_units_for_current_user: nothing(),
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

export const fuelEntryShape = z.strictObject({
  id: idShape(),
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  vehicle_id: idShape(),
  vehicle_name: z.string(),
  date: instantShape(),
  fuel_type_name: textOrNull(),
  us_gallons: decimalShape(),
  uk_gallons: decimalShape(),
  liters: decimalShape(),
  price_per_volume_unit: decimalShape().nullable(),
  total_amount: z.number().nullable(),
  total_amount_cents: z.int().nullable(),
  partial: z.boolean(),
  personal: z.boolean(),
  reference: textOrNull(),
  vendor_name: textOrNull(),
  external_id: textOrNull(),
  custom_fields: customFieldsShape(),
  ...absentShape,
  meter_entry: meterReadingShape.nullable(),
  vehicle: vehicleStubShape,
});

export function presentFuelEntry(entry: FuelEntryRecord): z.infer<typeof fuelEntryShape> {
  return {
    id: entry.id,
    account_id: entry.accountId,
    created_at: entry.createdAt.toISOString(),
    updated_at: entry.updatedAt.toISOString(),
    vehicle_id: entry.vehicleId,
    vehicle_name: entry.vehicle.name,
    date: entry.date.toISOString(),
    fuel_type_name: entry.fuelTypeName,
    us_gallons: volumeIn("us_gallons", entry),
    uk_gallons: volumeIn("uk_gallons", entry),
    liters: volumeIn("liters", entry),
    price_per_volume_unit: priceText(entry.pricePerVolumeUnit),
    // The published schemas of connectors have this one as a number.
    total_amount: entry.totalAmount === null ? null : Number(entry.totalAmount),
    total_amount_cents: entry.totalAmount === null ? null : Math.round(Number(entry.totalAmount) * 100),
    partial: entry.partial,
    personal: entry.personal,
    reference: entry.reference,
    vendor_name: entry.vendorName,
    external_id: entry.externalId,
    custom_fields: { ...entry.customFields },
    ...ABSENT,
    meter_entry: entry.meterEntry === null ? null : presentMeterReading(entry.meterEntry),
    vehicle: presentVehicleStub(entry.vehicle),
  };
}
