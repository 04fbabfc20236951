import type { FieldSection, FieldSpec, FieldValues } from "@/components/record/field-spec";
import type { VehicleRecord } from "@/lib/vehicles/presenter";

export type SettingChoice = { readonly id: number; readonly name: string; readonly isDefault: boolean };

export interface VehicleSettings {
  readonly types: readonly SettingChoice[];
  readonly statuses: readonly SettingChoice[];
}

const METER_UNITS = [
  { value: "mi", label: "Miles" },
  { value: "km", label: "Kilometers" },
  { value: "hr", label: "Hours" },
];
const VOLUME_UNITS = [
  { value: "us_gallons", label: "US gallons" },
  { value: "uk_gallons", label: "UK gallons" },
  { value: "liters", label: "Liters" },
];
const OWNERSHIPS = [
  { value: "owned", label: "Owned" },
  { value: "leased", label: "Leased" },
  { value: "rented", label: "Rented" },
  { value: "customer", label: "Customer’s" },
];
const SYSTEMS = [
  { value: "imperial", label: "Imperial" },
  { value: "metric", label: "Metric" },
];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
].map((label, index) => ({ value: String(index + 1), label }));

function labelIn(options: readonly { value: string; label: string }[], value: string | number | null): string | null {
  return options.find((option) => option.value === String(value))?.label ?? null;
}

/** What choices are called on the vehicle's page. */
export const sayOwnership = (value: string) => labelIn(OWNERSHIPS, value);
export const sayVolumeUnit = (value: string) => labelIn(VOLUME_UNITS, value);
export const saySystem = (value: string) => labelIn(SYSTEMS, value);
export const sayMonth = (month: number) => labelIn(MONTHS, month);

const choicesOf = (settings: readonly SettingChoice[]) =>
  settings.map(({ id, name }) => ({ value: String(id), label: name }));

function identity({ types, statuses }: VehicleSettings): FieldSpec[] {
  return [
    { name: "name", label: "Name", kind: "text", required: true, hint: "What people call it, such as a unit number." },
    { name: "vehicle_type_id", label: "Type", kind: "choice", required: true, options: choicesOf(types) },
    { name: "vehicle_status_id", label: "Status", kind: "choice", required: true, options: choicesOf(statuses) },
    { name: "vin", label: "VIN", kind: "text", maxLength: 17, mono: true, hint: "17 letters and digits." },
    { name: "license_plate", label: "License plate", kind: "text", maxLength: 50 },
    { name: "year", label: "Year", kind: "number" },
    { name: "make", label: "Make", kind: "text" },
    { name: "model", label: "Model", kind: "text" },
    { name: "trim", label: "Trim", kind: "text" },
    { name: "color", label: "Color", kind: "text" },
    { name: "labels", label: "Labels", kind: "text", wide: true, maxLength: 2000, hint: "Separated by commas." },
  ];
}

const REGISTRATION: readonly FieldSpec[] = [
  { name: "ownership", label: "Ownership", kind: "choice", required: true, options: OWNERSHIPS },
  { name: "registration_state", label: "Registration state", kind: "text" },
  {
    name: "registration_expiration_month",
    label: "Registration expires in",
    kind: "choice",
    none: "Unknown",
    options: MONTHS,
  },
];

const MEASURES: readonly FieldSpec[] = [
  { name: "primary_meter_unit", label: "Meter unit", kind: "choice", required: true, options: METER_UNITS },
  {
    name: "secondary_meter_unit",
    label: "Second meter unit",
    kind: "choice",
    none: "No second meter",
    options: METER_UNITS,
  },
  { name: "fuel_type_name", label: "Fuel type", kind: "text" },
  { name: "fuel_volume_units", label: "Fuel unit", kind: "choice", required: true, options: VOLUME_UNITS },
  { name: "system_of_measurement", label: "System of measurement", kind: "choice", required: true, options: SYSTEMS },
];

const SERVICE_LIFE: readonly FieldSpec[] = [
  { name: "in_service_date", label: "In service since", kind: "date" },
  { name: "in_service_meter_value", label: "Meter when put into service", kind: "number" },
  { name: "out_of_service_date", label: "Out of service since", kind: "date" },
  { name: "out_of_service_meter_value", label: "Meter when taken out of service", kind: "number" },
  { name: "estimated_service_months", label: "Estimated service life in months", kind: "number" },
  { name: "estimated_replacement_mileage", label: "Replace at a meter of", kind: "number" },
  {
    name: "estimated_resale_price",
    label: "Estimated resale price",
    kind: "number",
    refusedAs: "estimated_resale_price_cents",
    wrong: "must be an amount such as 12000.50",
  },
];

/** The form of a vehicle; `own` are the account's custom fields. */
export function vehicleSections(settings: VehicleSettings, own: readonly FieldSpec[]): FieldSection[] {
  const ownSection = { title: "Custom fields", fields: own };
  return [
    { title: "Identity", fields: identity(settings) },
    { title: "Ownership and registration", fields: REGISTRATION },
    { title: "Meter and fuel", fields: MEASURES },
    { title: "Service life", fields: SERVICE_LIFE },
    ...(own.length > 0 ? [ownSection] : []),
  ];
}

/** What an account's new vehicle is before anybody says: its own measures, its default type and status. */
export function newVehicleValues(
  { types, statuses }: VehicleSettings,
  measures: Pick<VehicleRecord, "primaryMeterUnit" | "fuelVolumeUnits" | "systemOfMeasurement">,
): FieldValues {
  const first = (settings: readonly SettingChoice[]) =>
    String((settings.find(({ isDefault }) => isDefault) ?? settings[0])?.id ?? "");
  const empty = vehicleSections({ types, statuses }, []).flatMap(({ fields }) => fields.map(({ name }) => [name, ""]));
  return {
    ...(Object.fromEntries(empty) as FieldValues),
    vehicle_type_id: first(types),
    vehicle_status_id: first(statuses),
    ownership: "owned",
    primary_meter_unit: measures.primaryMeterUnit,
    fuel_volume_units: measures.fuelVolumeUnits,
    system_of_measurement: measures.systemOfMeasurement,
  };
}

const text = (value: string | number | null) => (value === null ? "" : String(value));

/** What the form of a vehicle that exists holds at first. */
export function vehicleValues(vehicle: VehicleRecord): FieldValues {
  const cents = vehicle.estimatedResalePriceCents;
  return {
    name: vehicle.name,
    vehicle_type_id: text(vehicle.typeId),
    vehicle_status_id: text(vehicle.statusId),
    vin: text(vehicle.vin),
    license_plate: text(vehicle.licensePlate),
    year: text(vehicle.year),
    make: text(vehicle.make),
    model: text(vehicle.model),
    trim: text(vehicle.trim),
    color: text(vehicle.color),
    labels: vehicle.labels.join(", "),
    ownership: vehicle.ownership,
    registration_state: text(vehicle.registrationState),
    registration_expiration_month:
      vehicle.registrationExpirationMonth === 0 ? "" : String(vehicle.registrationExpirationMonth),
    primary_meter_unit: vehicle.primaryMeterUnit,
    secondary_meter_unit: text(vehicle.secondaryMeterUnit),
    fuel_type_name: text(vehicle.fuelTypeName),
    fuel_volume_units: vehicle.fuelVolumeUnits,
    system_of_measurement: vehicle.systemOfMeasurement,
    in_service_date: text(vehicle.inServiceDate),
    in_service_meter_value: text(vehicle.inServiceMeterValue),
    out_of_service_date: text(vehicle.outOfServiceDate),
    out_of_service_meter_value: text(vehicle.outOfServiceMeterValue),
    estimated_service_months: text(vehicle.estimatedServiceMonths),
    estimated_replacement_mileage: text(vehicle.estimatedReplacementMileage),
    estimated_resale_price: cents === null ? "" : (cents / 100).toFixed(2),
  };
}

/** A price as typed, in cents; what is no price stays as it is, and is refused by its name. */
function centsOf(typed: string): number | string {
  const price = typed.trim();
  return /^\d{1,12}(\.\d{1,2})?$/.test(price) ? Math.round(Number(price) * 100) : typed;
}

/** The form's own ways of writing a thing, put into the input's. */
export function vehicleFieldsEntered(entered: FieldValues): Record<string, unknown> {
  const { labels, estimated_resale_price: price, ...fields } = entered;
  const known = Object.entries(fields).filter(([name]) => !name.startsWith("custom_field_"));
  return {
    ...Object.fromEntries(known),
    ...(typeof labels === "string" && {
      labels: labels
        .split(",")
        .map((label) => label.trim())
        .filter(Boolean),
    }),
    ...(typeof price === "string" && { estimated_resale_price_cents: centsOf(price) }),
  };
}
