import type { FuelVolumeUnit, MeterUnit, Ownership, SystemOfMeasurement } from "@/generated/prisma/enums";

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
}

/** A vehicle as the API knows it. Days and exact numbers are texts, as the database writes them: "2026-11-22", "1234.5". */
export interface VehicleRecord extends VehicleStubRecord {
  readonly accountId: number;
  readonly typeId: number;
  readonly typeName: string;
  readonly statusId: number;
  readonly statusName: string;
  readonly statusColor: string;
  readonly fuelTypeName: string | null;
  readonly fuelVolumeUnits: FuelVolumeUnit;
  readonly ownership: Ownership;
  readonly systemOfMeasurement: SystemOfMeasurement;
  readonly primaryMeterUnit: MeterUnit;
  readonly primaryMeterValue: string;
  readonly primaryMeterDate: string | null;
  readonly primaryMeterUsagePerDay: string | null;
  readonly secondaryMeterUnit: MeterUnit | null;
  readonly secondaryMeterValue: string;
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

export function presentVehicleStub(vehicle: VehicleStubRecord) {
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
  };
}

function presentMeters(vehicle: VehicleRecord) {
  return {
    primary_meter_unit: vehicle.primaryMeterUnit,
    primary_meter_value: vehicle.primaryMeterValue,
    primary_meter_date: vehicle.primaryMeterDate,
    primary_meter_usage_per_day: vehicle.primaryMeterUsagePerDay,
    secondary_meter_unit: vehicle.secondaryMeterUnit,
    secondary_meter_value: vehicle.secondaryMeterValue,
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
  fuel_type_id: null,
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

export function presentVehicle(vehicle: VehicleRecord) {
  return {
    ...presentVehicleStub(vehicle),
    account_id: vehicle.accountId,
    archived_at: vehicle.archivedAt?.toISOString() ?? null,
    created_at: vehicle.createdAt.toISOString(),
    updated_at: vehicle.updatedAt.toISOString(),
    vehicle_type_id: vehicle.typeId,
    vehicle_type_name: vehicle.typeName,
    vehicle_status_id: vehicle.statusId,
    vehicle_status_name: vehicle.statusName,
    vehicle_status_color: vehicle.statusColor,
    fuel_type_name: vehicle.fuelTypeName,
    fuel_volume_units: vehicle.fuelVolumeUnits,
    ownership: vehicle.ownership,
    system_of_measurement: vehicle.systemOfMeasurement,
    ...presentMeters(vehicle),
    ...presentLifecycle(vehicle),
    external_ids: { ...vehicle.externalIds },
    labels: [...vehicle.labels],
    custom_fields: { ...vehicle.customFields },
    is_sample: vehicle.isSample,
    fuel_entries_count: vehicle.fuelEntriesCount,
    ...ABSENT,
  };
}
