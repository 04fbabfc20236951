import {
  customFieldInputs,
  customFieldValues,
  enteredCustomFields,
} from "@/components/custom-fields/custom-field-inputs";
import type { PickerOption, PickerSearch } from "@/components/form/record-picker";
import { enteredInstant, localDateTime } from "@/components/record/date-time-values";
import type { FieldSpec, FieldValues } from "@/components/record/field-spec";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { FuelEntryRow } from "@/lib/fuel-entries/list-fuel-entry-rows";

export type VolumeUnit = FuelEntryRow["volumeUnits"];

const VOLUME_UNITS: readonly { value: VolumeUnit; label: string }[] = [
  { value: "us_gallons", label: "US gallons" },
  { value: "uk_gallons", label: "UK gallons" },
  { value: "liters", label: "Liters" },
];

export function fuelEntryFields(
  search: PickerSearch,
  chosen: PickerOption | null,
  definitions: readonly CustomFieldDefinition[],
): FieldSpec[] {
  return [
    { name: "vehicle_id", label: "Vehicle", kind: "record", required: true, search, chosen },
    { name: "date", label: "Date and time", kind: "dateTime", required: true, hint: "In your time zone." },
    {
      name: "volume",
      label: "Volume",
      kind: "number",
      required: true,
      refusedAs: VOLUME_UNITS.map(({ value }) => value),
    },
    { name: "volume_unit", label: "Unit", kind: "choice", required: true, options: VOLUME_UNITS },
    { name: "price_per_volume_unit", label: "Price per unit", kind: "number" },
    { name: "total_amount", label: "Total", kind: "number", hint: "Empty: volume times price." },
    {
      name: "meter_value",
      label: "Meter",
      kind: "number",
      refusedAs: "meter_entry_attributes.value",
      hint: "The reading taken with it. It moves the vehicle’s meter and tells the economy.",
    },
    { name: "meter_void", label: "Void reading", kind: "checkbox", hint: "Kept, but does not count." },
    { name: "partial", label: "Partial", kind: "checkbox", hint: "The tank was not full afterwards." },
    { name: "reset", label: "Reset usage", kind: "checkbox", hint: "A fuelling before it is missing here." },
    { name: "personal", label: "Personal", kind: "checkbox", hint: "Not on the company’s account." },
    { name: "fuel_type_name", label: "Fuel type", kind: "text" },
    { name: "vendor_name", label: "Vendor", kind: "text" },
    { name: "reference", label: "Reference", kind: "text", hint: "Such as the number of the receipt." },
    ...customFieldInputs(definitions),
  ];
}

export function fuelEntryValues(
  row: FuelEntryRow | null,
  chosen: PickerOption | null,
  unit: VolumeUnit,
  definitions: readonly CustomFieldDefinition[],
): FieldValues {
  return {
    vehicle_id: String(chosen?.id ?? ""),
    date: localDateTime(row?.date ?? new Date().toISOString()),
    volume: row === null ? "" : String(Number(row.volume)),
    volume_unit: row?.volumeUnits ?? unit,
    price_per_volume_unit: row?.pricePerVolumeUnit ?? "",
    total_amount: row?.totalAmount ?? "",
    meter_value: row?.meterValue ?? "",
    meter_void: row?.meterVoid ?? false,
    partial: row?.partial ?? false,
    reset: row?.reset ?? false,
    personal: row?.personal ?? false,
    fuel_type_name: row?.fuelTypeName ?? "",
    vendor_name: row?.vendorName ?? "",
    reference: row?.reference ?? "",
    ...customFieldValues(definitions, row?.customFields),
  };
}

/** The volume under the name that the input has for its unit, once either of the two changed. */
function volumeEntered(entered: FieldValues, all: FieldValues): Record<string, unknown> {
  if (entered.volume === undefined && entered.volume_unit === undefined) return {};
  return { [String(all.volume_unit)]: all.volume };
}

/** Of a reading only what was entered; an empty one takes it away. */
function readingEntered({ meter_value: value, meter_void: isVoid }: FieldValues): Record<string, unknown> {
  const reading = {
    ...(value !== undefined && { value: value === "" ? null : value }),
    ...(isVoid !== undefined && { void: isVoid }),
  };
  return Object.keys(reading).length > 0 ? { meter_entry_attributes: reading } : {};
}

const OWN_WAYS = new Set(["volume", "volume_unit", "meter_value", "meter_void", "date"]);

/** The form's own ways of writing a thing, put into the input's; only what is among `entered`. */
export function fuelEntryEntered(
  entered: FieldValues,
  all: FieldValues,
  definitions: readonly CustomFieldDefinition[],
): Record<string, unknown> {
  const own = enteredCustomFields(definitions, entered);
  const plain = Object.entries(entered).filter(([name]) => !OWN_WAYS.has(name) && !name.startsWith("custom_field_"));
  return {
    ...Object.fromEntries(plain),
    ...(entered.date !== undefined && { date: enteredInstant(entered.date) }),
    ...volumeEntered(entered, all),
    ...readingEntered(entered),
    ...(Object.keys(own).length > 0 && { custom_fields: own }),
  };
}
