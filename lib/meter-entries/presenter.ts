import type { MeterKind } from "@/generated/prisma/enums";
import { presentVehicleStub, type VehicleStubRecord } from "@/lib/vehicles/presenter";

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
  /** The fuel entry that it was taken for. */
  readonly fuelEntryId: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface MeterEntryWithVehicle extends MeterEntryRecord {
  readonly vehicle: VehicleStubRecord;
}

export function presentMeterReading(entry: MeterEntryRecord) {
  return {
    id: entry.id,
    account_id: entry.accountId,
    created_at: entry.createdAt.toISOString(),
    updated_at: entry.updatedAt.toISOString(),
    vehicle_id: entry.vehicleId,
    value: entry.value,
    date: entry.date,
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

export function presentMeterEntry(entry: MeterEntryWithVehicle) {
  return { ...presentMeterReading(entry), vehicle: presentVehicleStub(entry.vehicle) };
}
