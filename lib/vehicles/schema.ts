import { z } from "zod";

import { isVin } from "./policy";

const LARGEST_ID = 2_147_483_647;
const LARGEST_METER_VALUE = 99_999_999_999.9;
const LARGEST_PRICE_CENTS = 999_999_999_999;
const MAX_EXTERNAL_IDS = 50;

/** A vehicle is named by its id or its VIN. */
export type VehicleRef = { readonly id: number } | { readonly vin: string };

/** What an address names: `17`, or `vin:1FTFW1ET5DFC10312`; null when it can name no vehicle. */
export function readVehicleRef(text: string): VehicleRef | null {
  const vin = /^vin(?::|%3a)([0-9a-z]{1,17})$/i.exec(text)?.[1];
  if (vin !== undefined) return { vin: vin.toUpperCase() };
  const id = Number(text);
  return /^[1-9]\d{0,9}$/.test(text) && id <= LARGEST_ID ? { id } : null;
}

/** A text or nothing; numbers count as text, blanks as nothing. */
const text = (most: number) =>
  z
    .union([z.string(), z.number()], "must be a text")
    .nullable()
    .transform((given) => (given === null ? null : String(given).trim() || null))
    .refine((value) => value === null || value.length <= most, `has at most ${most} characters`);

const name = text(255).refine((value) => value !== null, "can't be blank").transform((value) => value ?? "");

const numberIn = (least: number, most: number, sentence: string, isRight: (value: number) => boolean) =>
  z.union([z.number(), z.string()], sentence).nullable().transform((given, context) => {
    if (given === null || given === "") return null;
    const value = typeof given === "number" ? given : /^-?\d{1,15}(\.\d{1,15})?$/.test(given.trim()) ? Number(given) : Number.NaN;
    if (value >= least && value <= most && isRight(value)) return value;
    context.addIssue({ code: "custom", message: sentence });
    return z.NEVER;
  });

const whole = (least: number, most: number) => numberIn(least, most, `must be a whole number from ${least} to ${most}`, Number.isInteger);
const meterValue = numberIn(0, LARGEST_METER_VALUE, "must be a number that is not negative", Number.isFinite).transform((value) => value?.toFixed(1) ?? null);
const recordId = whole(1, LARGEST_ID);

/** A day; of a time its day as written. */
const day = text(40).transform((value, context) => {
  if (value === null) return null;
  const written = /^(\d{4}-\d\d-\d\d)(?:[T ].*)?$/.exec(value)?.[1] ?? "";
  const instant = new Date(`${written}T00:00:00Z`);
  if (!Number.isNaN(instant.getTime()) && instant.getUTCFullYear() > 0 && instant.toISOString().startsWith(written)) return instant;
  context.addIssue({ code: "custom", message: "must be a date such as 2026-11-22" });
  return z.NEVER;
});

const vin = text(100)
  .transform((value) => value?.toUpperCase() ?? null)
  .refine((value) => value === null || isVin(value), "must have 17 letters and digits, without I, O and Q");

const oneOf = <const Value extends string>(values: readonly Value[]) => z.enum(values, `must be one of ${values.join(", ")}`);
const meterUnit = oneOf(["km", "mi", "hr"]);
const fuelVolumeUnits = oneOf(["us_gallons", "uk_gallons", "liters"]);
const ownership = oneOf(["owned", "leased", "rented", "customer"]);
const systemOfMeasurement = oneOf(["imperial", "metric"]);

/** By the name of the other system; null takes one away. An empty list is how some languages write an empty object. */
const externalIds = z.preprocess(
  (given) => (given === null || (Array.isArray(given) && given.length === 0) ? {} : given),
  z
    .record(z.string().min(1).max(100), text(255), "must be an object of texts by the name of the other system")
    .refine((value) => Object.keys(value).length <= MAX_EXTERNAL_IDS, `has at most ${MAX_EXTERNAL_IDS} entries`),
);

const label = z.union([z.string(), z.object({ name: z.string() }).transform((given) => given.name)], "must be texts").pipe(z.string().trim().min(1, "can't be blank").max(100, "has at most 100 characters"));
const labels = z.array(label, "must be a list of texts").max(50, "has at most 50 entries").nullable().transform((given) => [...new Set(given)]);

const plainFields = {
  vin,
  license_plate: text(50),
  make: text(100),
  model: text(100),
  trim: text(100),
  year: whole(1800, 2200),
  color: text(100),
  vehicle_type_id: recordId,
  vehicle_type_name: text(255),
  vehicle_status_id: recordId,
  vehicle_status_name: text(255),
  fuel_type_name: text(100),
  secondary_meter_unit: meterUnit.nullable(),
  registration_state: text(100),
  registration_expiration_month: whole(0, 12).transform((month) => month ?? 0),
  in_service_date: day,
  in_service_meter_value: meterValue,
  out_of_service_date: day,
  out_of_service_meter_value: meterValue,
  estimated_service_months: whole(0, 1200),
  estimated_resale_price_cents: whole(0, LARGEST_PRICE_CENTS),
  estimated_replacement_mileage: meterValue,
  external_ids: externalIds,
  labels,
  /** Looked at with the account's definitions at hand. */
  custom_fields: z.unknown(),
};

/** `meter_unit` is what older clients call it. */
function withMeterUnit<Given extends { primary_meter_unit?: unknown; meter_unit?: unknown }>({ meter_unit, ...given }: Given) {
  return { ...given, primary_meter_unit: given.primary_meter_unit ?? meter_unit } as Omit<Given, "meter_unit">;
}

const body = "must be an object of fields";

export const vehicleChanges = z
  .object(
    { name, ...plainFields, primary_meter_unit: meterUnit, meter_unit: meterUnit, fuel_volume_units: fuelVolumeUnits, ownership, system_of_measurement: systemOfMeasurement },
    body,
  )
  .partial()
  .transform(withMeterUnit);
export type VehicleChanges = z.output<typeof vehicleChanges>;

const isGiven = (value: unknown) => value !== undefined && value !== null;

export const newVehicle = z
  .object(
    {
      ...plainFields,
      primary_meter_unit: meterUnit.nullable(),
      meter_unit: meterUnit.nullable(),
      fuel_volume_units: fuelVolumeUnits.nullable(),
      ownership: ownership.nullable(),
      system_of_measurement: systemOfMeasurement.nullable(),
    },
    body,
  )
  .partial()
  .extend({ name: z.preprocess((given) => given ?? null, name) })
  .superRefine((given, context) => {
    const missing = {
      vehicle_type_id: !isGiven(given.vehicle_type_id) && !isGiven(given.vehicle_type_name),
      vehicle_status_id: !isGiven(given.vehicle_status_id) && !isGiven(given.vehicle_status_name),
      primary_meter_unit: !isGiven(given.primary_meter_unit) && !isGiven(given.meter_unit),
    };
    for (const [field, isMissing] of Object.entries(missing)) {
      if (isMissing) context.addIssue({ code: "custom", path: [field], message: "can't be blank" });
    }
  })
  .transform(withMeterUnit);
export type NewVehicle = z.output<typeof newVehicle>;
