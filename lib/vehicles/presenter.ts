import { z } from "zod";

import type { FuelVolumeUnit, MeterUnit, Ownership, SystemOfMeasurement } from "@/generated/prisma/enums";
import {
  countShape,
  customFieldsShape,
  dayShape,
  decimalShape,
  fieldMerger,
  idShape,
  instantShape,
  nothing,
  numberShape,
  textOrNull,
  wholeShape,
} from "@/lib/platform/output-fields";

/** What records that name a vehicle show of it. */
export interface VehicleStubRecord {
  readonly id: number;
  readonly name: string;
  readonly color: string | null;
  readonly licensePlate: string | null;
  readonly vin: string | null;
  readonly year: number | null;
  readonly make: string | null;
  readonly model: string | null;
  readonly trim: string | null;
  readonly registrationExpirationMonth: number;
  readonly registrationState: string | null;
  readonly primaryMeterUnit: MeterUnit;
  readonly primaryMeterValue: string;
  /** Null where the meter was never read. */
  readonly primaryMeterDate: string | null;
  readonly secondaryMeterUnit: MeterUnit | null;
  readonly secondaryMeterValue: string;
}

/** A vehicle as the API knows it. Days and exact numbers are texts, as the database writes them: "2026-11-22", "1234.5". */
export interface VehicleRecord extends VehicleStubRecord {
  readonly accountId: number;
  readonly typeId: number;
  readonly typeName: string;
  readonly statusId: number;
  readonly statusName: string;
  readonly statusColor: string;
  /** Null where no fuel type is called so, or none is named. */
  readonly fuelTypeId: number | null;
  readonly fuelTypeName: string | null;
  readonly fuelVolumeUnits: FuelVolumeUnit;
  readonly ownership: Ownership;
  readonly systemOfMeasurement: SystemOfMeasurement;
  readonly primaryMeterUsagePerDay: string | null;
  readonly secondaryMeterDate: string | null;
  readonly secondaryMeterUsagePerDay: string | null;
  readonly inServiceDate: string | null;
  readonly inServiceMeterValue: string | null;
  readonly outOfServiceDate: string | null;
  readonly outOfServiceMeterValue: string | null;
  readonly estimatedServiceMonths: number | null;
  readonly estimatedResalePriceCents: number | null;
  readonly estimatedReplacementMileage: string | null;
  readonly externalIds: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
  readonly customFields: Readonly<Record<string, string | boolean | null>>;
  readonly isSample: boolean;
  readonly fuelEntriesCount: number;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const METER_UNITS = ["km", "hr", "mi"] as const;

/** Under each name that clients of whatever age read. */
const meterFields = {
  primary_meter_unit: z.enum(METER_UNITS),
  meter_unit: z.enum(METER_UNITS).meta({ description: "`primary_meter_unit` by its older name." }),
  primary_meter_value: decimalShape().meta({ description: '"0.0" when there is none.' }),
  current_meter_value: numberShape().nullable().meta({
    description: "`primary_meter_value` by its older name: a number, null when there is none.",
  }),
  secondary_meter: z.boolean().meta({ description: "Whether there is a second meter." }),
  secondary_meter_unit: z.enum(METER_UNITS).nullable(),
  secondary_meter_value: decimalShape().meta({ description: '"0.0" when there is none.' }),
};

const stubFields = {
  id: idShape(),
  name: z.string(),
  color: textOrNull(),
  license_plate: textOrNull(),
  vin: textOrNull(),
  year: wholeShape().nullable(),
  make: textOrNull(),
  model: textOrNull(),
  trim: textOrNull(),
  registration_expiration_month: wholeShape().min(0).max(12).meta({ description: "0 when there is none." }),
  registration_state: textOrNull(),
  default_image_url_small: nothing(),
  ...meterFields,
};

export const vehicleStubShape = z.strictObject(stubFields);

const meterShape = {
  primary_meter_date: dayShape().nullable(),
  primary_meter_usage_per_day: decimalShape().nullable(),
  secondary_meter_date: dayShape().nullable(),
  secondary_meter_usage_per_day: decimalShape().nullable(),
};

const lifecycleShape = {
  in_service_date: dayShape().nullable(),
  in_service_meter_value: decimalShape().nullable(),
  out_of_service_date: dayShape().nullable(),
  out_of_service_meter_value: decimalShape().nullable(),
  estimated_service_months: wholeShape().nullable(),
  estimated_replacement_mileage: decimalShape().nullable(),
  estimated_resale_price_cents: wholeShape().nullable(),
};

const absentShape = {
  group_id: nothing(),
  group_name: nothing(),
  group_ancestry: nothing(),
  current_location_entry_id: nothing(),
  axle_config_id: nothing(),
  assetable_type: z.literal("Vehicle"),
  ai_enabled: z.boolean(),
  comments_count: countShape(),
  documents_count: countShape(),
  images_count: countShape(),
  issues_count: countShape(),
  service_entries_count: countShape(),
  service_reminders_count: countShape(),
  vehicle_renewal_reminders_count: countShape(),
  work_orders_count: countShape(),
};

export const vehicleShape = z.strictObject({
  ...stubFields,
  account_id: idShape(),
  archived_at: instantShape().nullable(),
  created_at: instantShape(),
  updated_at: instantShape(),
  vehicle_type_id: idShape(),
  vehicle_type_name: z.string(),
  vehicle_status_id: idShape(),
  vehicle_status_name: z.string(),
  vehicle_status_color: z.string(),
  fuel_type_id: idShape().nullable(),
  fuel_type_name: textOrNull(),
  fuel_volume_units: z.enum(["us_gallons", "uk_gallons", "liters"]),
  ownership: z.enum(["owned", "leased", "rented", "customer"]),
  system_of_measurement: z.enum(["imperial", "metric"]),
  ...meterShape,
  ...lifecycleShape,
  external_ids: z.record(z.string(), z.string()).meta({ description: "By the name of the other system." }),
  // As objects, because that is how connectors read them.
  labels: z.array(z.strictObject({ name: z.string() })),
  custom_fields: customFieldsShape(),
  is_sample: z.boolean(),
  fuel_entries_count: countShape(),
  ...absentShape,
});

/** Nought is a reading only where one was taken. */
function numberOrNone(value: string, takenOn: string | null): number | null {
  const number = Number(value);
  return number === 0 && takenOn === null ? null : number;
}

export function presentVehicleStub(vehicle: VehicleStubRecord): z.infer<typeof vehicleStubShape> {
  return {
    id: vehicle.id,
    name: vehicle.name,
    color: vehicle.color,
    license_plate: vehicle.licensePlate,
    vin: vehicle.vin,
    year: vehicle.year,
    make: vehicle.make,
    model: vehicle.model,
    trim: vehicle.trim,
    registration_expiration_month: vehicle.registrationExpirationMonth,
    registration_state: vehicle.registrationState,
    default_image_url_small: null,
    primary_meter_unit: vehicle.primaryMeterUnit,
    meter_unit: vehicle.primaryMeterUnit,
    primary_meter_value: vehicle.primaryMeterValue,
    current_meter_value: numberOrNone(vehicle.primaryMeterValue, vehicle.primaryMeterDate),
    secondary_meter: vehicle.secondaryMeterUnit !== null,
    secondary_meter_unit: vehicle.secondaryMeterUnit,
    secondary_meter_value: vehicle.secondaryMeterValue,
  };
}

function presentMeters(vehicle: VehicleRecord) {
  return {
    primary_meter_date: vehicle.primaryMeterDate,
    primary_meter_usage_per_day: vehicle.primaryMeterUsagePerDay,
    secondary_meter_date: vehicle.secondaryMeterDate,
    secondary_meter_usage_per_day: vehicle.secondaryMeterUsagePerDay,
  };
}

function presentLifecycle(vehicle: VehicleRecord) {
  return {
    in_service_date: vehicle.inServiceDate,
    in_service_meter_value: vehicle.inServiceMeterValue,
    out_of_service_date: vehicle.outOfServiceDate,
    out_of_service_meter_value: vehicle.outOfServiceMeterValue,
    estimated_service_months: vehicle.estimatedServiceMonths,
    estimated_replacement_mileage: vehicle.estimatedReplacementMileage,
    estimated_resale_price_cents: vehicle.estimatedResalePriceCents,
  };
}

/** What connectors' schemas list and this fleet has nothing of. */
const ABSENT = {
  group_id: null,
  group_name: null,
  group_ancestry: null,
  current_location_entry_id: null,
  axle_config_id: null,
  assetable_type: "Vehicle",
  ai_enabled: false,
  comments_count: 0,
  documents_count: 0,
  images_count: 0,
  issues_count: 0,
  service_entries_count: 0,
  service_reminders_count: 0,
  vehicle_renewal_reminders_count: 0,
  work_orders_count: 0,
} as const;

const mergeFields = fieldMerger();

export function presentVehicle(vehicle: VehicleRecord): z.infer<typeof vehicleShape> {
  const own = {
    account_id: vehicle.accountId,
    archived_at: vehicle.archivedAt?.toISOString() ?? null,
    created_at: vehicle.createdAt.toISOString(),
    updated_at: vehicle.updatedAt.toISOString(),
    vehicle_type_id: vehicle.typeId,
    vehicle_type_name: vehicle.typeName,
    vehicle_status_id: vehicle.statusId,
    vehicle_status_name: vehicle.statusName,
    vehicle_status_color: vehicle.statusColor,
    fuel_type_id: vehicle.fuelTypeId,
    fuel_type_name: vehicle.fuelTypeName,
    fuel_volume_units: vehicle.fuelVolumeUnits,
    ownership: vehicle.ownership,
    system_of_measurement: vehicle.systemOfMeasurement,
    external_ids: { ...vehicle.externalIds },
    labels: vehicle.labels.map((name) => ({ name })),
    custom_fields: { ...vehicle.customFields },
    is_sample: vehicle.isSample,
    fuel_entries_count: vehicle.fuelEntriesCount,
  };
  return mergeFields(presentVehicleStub(vehicle), own, presentMeters(vehicle), presentLifecycle(vehicle), ABSENT);
}
