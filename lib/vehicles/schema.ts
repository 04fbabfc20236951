import { z } from "zod";

import {
  camelKeys,
  choiceField,
  dayField,
  decimalField,
  instantField,
  openField,
  recordId,
  requiredChoiceField,
  requiredTextField,
  seenFields,
  textField,
  wholeField,
} from "@/lib/platform/input-fields";
import { readLine } from "@/lib/platform/plain-text";
import { chosenId, recordViewFields } from "@/lib/platform/list-view";
import { isVin } from "./policy";

const LARGEST_ID = 2_147_483_647;
/** The first and the last that a vehicle can be of. */
export const YEARS = [1800, 2200] as const;
const LARGEST_PRICE_CENTS = 999_999_999_999;
const MAX_EXTERNAL_IDS = 50;

/** What another system calls a vehicle: one of its external ids. */
export interface ExternalId {
  readonly key: string;
  readonly value: string;
}

/** A vehicle is named by its id, its VIN, or one of its external ids. */
export type VehicleRef = { readonly id: number } | { readonly vin: string } | { readonly externalId: ExternalId };

export const vehicleRefText = z.string().meta({
  pattern: "^([1-9]\\d{0,9}|[^:]{1,100}:.{1,255})$",
  description:
    "The number of the vehicle, `vin:` and its VIN, or the key and the value of one of its `external_ids`: two vehicles that have it are a 409.",
  examples: ["17", "vin:1FTFW1ET5DFC10312", "geotab_id:b1F"],
});

/** Percent signs that encode nothing stand for themselves. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What an address names: `17`, `vin:1FTFW1ET5DFC10312` or `geotab_id:b1F`; null when it can name no vehicle. */
export function readVehicleRef(text: string): VehicleRef | null {
  const [, key, value] = /^([^:]{1,100}):(.{1,255})$/su.exec(decoded(text).normalize("NFC")) ?? [];
  if (key === undefined || value === undefined) {
    const id = Number(text);
    return /^[1-9]\d{0,9}$/.test(text) && id <= LARGEST_ID ? { id } : null;
  }
  if (key.toLowerCase() === "vin") return /^[0-9a-z]{1,17}$/i.test(value) ? { vin: value.toUpperCase() } : null;
  return `${key}${value}`.includes("\0") ? null : { externalId: { key, value } };
}

const vinField = () =>
  textField()
    .transform((vin) => vin?.toUpperCase() ?? null)
    .refine((vin) => vin === null || isVin(vin), "must have 17 letters and digits, without I, O and Q");

const meterValueField = () => decimalField({ digits: 11, scale: 1 });

/** By the name of the other system; null takes one away. An empty list is how some languages write an empty object. */
const externalIdsField = () =>
  openField()
    .transform((given) => (given === null || (Array.isArray(given) && given.length === 0) ? {} : given))
    .pipe(
      z
        .record(
          z
            .string()
            .min(1)
            .max(100, "has a name of more than 100 characters")
            .refine((name) => "text" in readLine(name), "has a name with a line break or a character that is not seen"),
          textField(),
          "must be an object of texts by the name of the other system",
        )
        .refine((ids) => Object.keys(ids).length <= MAX_EXTERNAL_IDS, `has at most ${MAX_EXTERNAL_IDS} entries`),
    );

const labelsField = () =>
  z
    .array(
      z.union(
        [requiredTextField(100), z.object({ name: requiredTextField(100) }).transform(({ name }) => name)],
        "must be a text of at most 100 characters",
      ),
      "must be a list of texts",
    )
    .max(50, "has at most 50 entries")
    .nullable()
    .transform((labels) => [...new Set(labels)]);

const METER_UNITS = ["km", "mi", "hr"] as const;
const FUEL_VOLUME_UNITS = ["us_gallons", "uk_gallons", "liters"] as const;
const OWNERSHIPS = ["owned", "leased", "rented", "customer"] as const;
const SYSTEMS_OF_MEASUREMENT = ["imperial", "metric"] as const;

const fields = z
  .object({
    vin: vinField(),
    license_plate: textField(50),
    make: textField(),
    model: textField(),
    trim: textField(),
    year: wholeField(...YEARS),
    color: textField(),
    vehicle_type_id: wholeField(1, LARGEST_ID),
    vehicle_type_name: textField(),
    vehicle_status_id: wholeField(1, LARGEST_ID),
    vehicle_status_name: textField(),
    fuel_type_id: wholeField(1, LARGEST_ID),
    fuel_type_name: textField(),
    secondary_meter_unit: choiceField(METER_UNITS),
    registration_state: textField(),
    registration_expiration_month: wholeField(0, 12).transform((month) => month ?? 0),
    in_service_date: dayField(),
    in_service_meter_value: meterValueField(),
    out_of_service_date: dayField(),
    out_of_service_meter_value: meterValueField(),
    estimated_service_months: wholeField(0, 1200),
    estimated_resale_price_cents: wholeField(0, LARGEST_PRICE_CENTS),
    estimated_replacement_mileage: meterValueField(),
    external_ids: externalIdsField(),
    labels: labelsField(),
    custom_fields: openField(),
  })
  .partial();

/** Of a new one: `meter_unit` is what older clients call it. */
function withMeterUnit<Unit, Given extends { primary_meter_unit?: Unit; meter_unit?: Unit }>({
  meter_unit,
  ...given
}: Given) {
  const unit = given.primary_meter_unit ?? meter_unit;
  return camelKeys({ ...given, ...(unit !== undefined && { primary_meter_unit: unit }) });
}

const changes = fields
  .extend({
    name: requiredTextField(),
    primary_meter_unit: requiredChoiceField(METER_UNITS),
    meter_unit: requiredChoiceField(METER_UNITS),
    fuel_volume_units: requiredChoiceField(FUEL_VOLUME_UNITS),
    ownership: requiredChoiceField(OWNERSHIPS),
    system_of_measurement: requiredChoiceField(SYSTEMS_OF_MEASUREMENT),
  })
  .partial();

/** Of the API: both names of the unit, since a whole record comes back with both; and archiving, as a field. */
export const vehicleChangesInput = changes.extend({ archived_at: instantField().optional() }).transform(camelKeys);
export type VehicleChangesInput = z.output<typeof vehicleChangesInput>;

/** Asked even when other fields are wrong, so that an answer names all; not of one that is wrong itself. */
function isThere(field: string, otherwise: string) {
  const isGiven = (given: Record<string, unknown>) =>
    [field, otherwise].some((name) => given[name] !== undefined && given[name] !== null);
  const when = ({ issues }: z.core.ParsePayload) =>
    !issues.some(({ path = [] }) => path.length === 0 || path[0] === field || path[0] === otherwise);
  const rule: [typeof isGiven, { path: string[]; error: string; when: typeof when }] = [
    isGiven,
    { path: [field], error: "can't be blank", when },
  ];
  return rule;
}

const newVehicle = fields
  .extend({
    primary_meter_unit: choiceField(METER_UNITS),
    meter_unit: choiceField(METER_UNITS),
    fuel_volume_units: choiceField(FUEL_VOLUME_UNITS),
    ownership: choiceField(OWNERSHIPS),
    system_of_measurement: choiceField(SYSTEMS_OF_MEASUREMENT),
  })
  .partial()
  .extend({ name: requiredTextField() });

/** What every new vehicle has to have. */
function complete<Schema extends typeof newVehicle>(schema: Schema) {
  return schema
    .refine(...isThere("vehicle_type_id", "vehicle_type_name"))
    .refine(...isThere("vehicle_status_id", "vehicle_status_name"))
    .refine(...isThere("primary_meter_unit", "meter_unit"))
    .transform(withMeterUnit);
}

export const createVehicleInput = complete(newVehicle);
export type CreateVehicleInput = z.output<typeof createVehicleInput>;

/** Of the console: the same fields, and no others. */
export const addVehicleInput = complete(newVehicle.strict());

const vehicleId = recordId();
const asRef = (id: number): { ref: VehicleRef } => ({ ref: { id } });

/** Of the console: a vehicle's id among the fields to be changed, and what they held before. */
export const editVehicleInput = changes
  .strict()
  .extend({ id: vehicleId, seen: seenFields(changes.strict()).transform(camelKeys).optional() })
  .transform(({ id, seen, ...given }) => ({ ...asRef(id), seen, changes: camelKeys(given) }));

/** Of an action that takes only the vehicle. */
export const vehicleRowInput = z.strictObject({ id: vehicleId }).transform(({ id }) => asRef(id));

/** The list's view as the address holds it. A value that is not understood counts as not given. */
export const vehicleListQuery = z.object({
  ...recordViewFields(),
  type: chosenId(),
  status: chosenId(),
});
export type VehicleListQuery = z.output<typeof vehicleListQuery>;

/** A file of what the list shows at that address, on all its pages. */
export const vehicleExportInput = vehicleListQuery
  .omit({ sort: true, direction: true, after: true, before: true })
  .strict();
export type VehicleExportInput = z.output<typeof vehicleExportInput>;
