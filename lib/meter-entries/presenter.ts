import { z } from "zod";

import type { MeterKind } from "@/generated/prisma/enums";
import { dayShape, decimalShape, idShape, instantShape, nothing } from "@/lib/platform/output-fields";
import { presentVehicleStub, vehicleStubShape, type VehicleStubRecord } from "@/lib/vehicles/presenter";

/** A reading of a vehicle's meter. Days and exact numbers are texts, as the database writes them: "2026-11-22", "1234.5". */
export interface MeterEntryRecord {
  readonly id: number;
  readonly accountId: number;
  readonly vehicleId: number;
  readonly kind: MeterKind;
  readonly value: string;
  /** Kept, but does not move the vehicle's meter. */
  readonly isVoid: boolean;
  readonly date: string;
  /** When on that day; null where nobody said. */
  readonly takenAt: Date | null;
  /** The fuel entry that it was taken for. */
  readonly fuelEntryId: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface MeterEntryWithVehicle extends MeterEntryRecord {
  readonly vehicle: VehicleStubRecord;
}

const readingFields = {
  id: idShape(),
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  vehicle_id: idShape(),
  value: decimalShape(),
  date: dayShape(),
  taken_at: instantShape().nullable().meta({ description: "When on that day, where a time was sent." }),
  void: z.boolean(),
  auto_voided_at: nothing(),
  category: z.literal("manual").nullable(),
  meter_type: z.literal("secondary").nullable(),
  meterable_id: idShape().nullable(),
  meterable_type: z.literal("FuelEntry").nullable(),
  type: nothing(),
  gps_provider: nothing(),
  gps_device_id: nothing(),
  is_sample: z.boolean(),
};

export const meterReadingShape = z.strictObject(readingFields);
/** Of a record that has no reading: connectors' schemas know it as an object alone. */
export const noMeterReadingShape = z.strictObject({
  ...readingFields,
  id: nothing(),
  account_id: nothing(),
  created_at: nothing(),
  updated_at: nothing(),
  vehicle_id: nothing(),
  value: nothing(),
  date: nothing(),
  taken_at: nothing(),
  category: nothing(),
  meter_type: nothing(),
  meterable_id: nothing(),
  meterable_type: nothing(),
});

export const NO_METER_READING: z.infer<typeof noMeterReadingShape> = {
  id: null,
  account_id: null,
  created_at: null,
  updated_at: null,
  vehicle_id: null,
  value: null,
  date: null,
  taken_at: null,
  void: false,
  auto_voided_at: null,
  category: null,
  meter_type: null,
  meterable_id: null,
  meterable_type: null,
  type: null,
  gps_provider: null,
  gps_device_id: null,
  is_sample: false,
};

export const meterEntryShape = z.strictObject({ ...readingFields, vehicle: vehicleStubShape });

export function presentMeterReading(entry: MeterEntryRecord): z.infer<typeof meterReadingShape> {
  return {
    id: entry.id,
    account_id: entry.accountId,
    created_at: entry.createdAt.toISOString(),
    updated_at: entry.updatedAt.toISOString(),
    vehicle_id: entry.vehicleId,
    value: entry.value,
    date: entry.date,
    taken_at: entry.takenAt?.toISOString() ?? null,
    void: entry.isVoid,
    auto_voided_at: null,
    category: entry.fuelEntryId === null ? "manual" : null,
    meter_type: entry.kind === "secondary" ? "secondary" : null,
    meterable_id: entry.fuelEntryId,
    meterable_type: entry.fuelEntryId === null ? null : "FuelEntry",
    type: null,
    gps_provider: null,
    gps_device_id: null,
    is_sample: false,
  };
}

export function presentMeterEntry(entry: MeterEntryWithVehicle): z.infer<typeof meterEntryShape> {
  return { ...presentMeterReading(entry), vehicle: presentVehicleStub(entry.vehicle) };
}
