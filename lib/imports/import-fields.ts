import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { ImportedRecord } from "@/lib/resources";

/** How a cell is read: a choice and a truth take the words that people write. */
type CellKind = "text" | "choice" | "truth" | "list";

/** A field of a record that a column may fill. */
export interface ImportField {
  /** As the API has it. */
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  readonly kind: CellKind;
  /** Other names that a header may have, in lower case with `_`. */
  readonly aliases: readonly string[];
}

interface FieldChoice extends Partial<Omit<ImportField, "name">> {
  /** Says the label where the name in words is not it. */
  readonly label?: string;
}

function inWords(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function field(
  name: string,
  { label = inWords(name), required = false, kind = "text", aliases = [] }: FieldChoice = {},
) {
  return { name, label, required, kind, aliases } satisfies ImportField;
}

const fields = (...names: string[]) => names.map((name) => field(name));
const VEHICLE = field("vehicle", {
  label: "Vehicle",
  required: true,
  aliases: ["vehicle_name", "vehicle_vin", "vin"],
});

const FIELDS: Readonly<Record<ImportedRecord, readonly ImportField[]>> = {
  vehicles: [
    field("name", { required: true, aliases: ["vehicle", "vehicle_name"] }),
    field("vin", { label: "VIN" }),
    field("license_plate", { aliases: ["plate"] }),
    field("vehicle_type_name", { label: "Type", required: true, aliases: ["vehicle_type"] }),
    field("vehicle_status_name", { label: "Status", required: true, aliases: ["vehicle_status"] }),
    field("primary_meter_unit", { label: "Meter unit", required: true, kind: "choice", aliases: ["primary_meter"] }),
    field("secondary_meter_unit", { kind: "choice", aliases: ["secondary_meter"] }),
    ...fields("make", "model", "trim", "year", "color"),
    field("fuel_type_name", { label: "Fuel type" }),
    field("fuel_volume_units", { label: "Fuel volume unit", kind: "choice", aliases: ["fuel_unit", "fuel_units"] }),
    field("ownership", { kind: "choice" }),
    field("system_of_measurement", { kind: "choice" }),
    ...fields("registration_state", "registration_expiration_month"),
    ...fields("in_service_date", "in_service_meter_value", "out_of_service_date", "out_of_service_meter_value"),
    ...fields("estimated_service_months", "estimated_resale_price_cents", "estimated_replacement_mileage"),
    field("labels", { kind: "list" }),
  ],
  contacts: [
    field("first_name", { required: true }),
    ...fields("middle_name", "last_name"),
    field("email", { label: "E-mail", aliases: ["e_mail", "email_address", "e_mail_address"] }),
    ...fields("employee_number", "job_title"),
    field("mobile_phone_number", { label: "Mobile phone", aliases: ["mobile"] }),
    field("home_phone_number", { label: "Home phone" }),
    field("work_phone_number", { label: "Work phone" }),
    field("other_phone_number", { label: "Other phone" }),
    field("street_address"),
    field("street_address_line_2", { aliases: ["address_line_2"] }),
    ...fields("city", "region", "postal_code", "country"),
    ...fields("license_number", "license_class", "license_state", "license_expiration"),
    ...fields("birth_date", "start_date", "leave_date"),
    field("employee", { kind: "truth" }),
    field("technician", { kind: "truth" }),
    field("vehicle_operator", { label: "Vehicle operator", kind: "truth", aliases: ["operator", "driver"] }),
  ],
  vehicle_assignments: [
    VEHICLE,
    field("contact", {
      required: true,
      aliases: ["contact_name", "contact_email", "employee_number", "driver", "email", "operator"],
    }),
    field("started_at", { label: "Start", aliases: ["start", "starts", "from"] }),
    field("ended_at", { label: "End", aliases: ["end", "ends", "until"] }),
    field("starting_meter_entry_value", { label: "Starting meter", aliases: ["starting_meter"] }),
    field("ending_meter_entry_value", { label: "Ending meter", aliases: ["ending_meter"] }),
    field("comment", { aliases: ["comments"] }),
  ],
  meter_entries: [
    VEHICLE,
    field("value", { label: "Meter value", required: true, aliases: ["meter", "reading", "odometer"] }),
    field("date", { required: true }),
    field("meter_type", { label: "Meter", kind: "choice" }),
    field("void", { kind: "truth" }),
  ],
  fuel_entries: [
    VEHICLE,
    field("date", { required: true }),
    field("us_gallons", { label: "US gallons" }),
    field("uk_gallons", { label: "UK gallons" }),
    field("liters", { aliases: ["litres"] }),
    field("price_per_volume_unit", { label: "Price per unit", aliases: ["price"] }),
    field("total_amount", { label: "Total", aliases: ["total_cost"] }),
    field("fuel_type_name", { label: "Fuel type" }),
    field("meter_value", { label: "Meter value", aliases: ["meter", "odometer", "meter_entry_value"] }),
    field("partial", { kind: "truth" }),
    field("personal", { kind: "truth" }),
    field("reset", { kind: "truth" }),
    field("reference"),
    field("vendor_name", { label: "Vendor" }),
    field("external_id", { label: "External ID" }),
  ],
};

export const CUSTOM_PREFIX = "custom_fields.";

/** Everything that a column may fill: the record's own fields, then the account's custom ones. */
export function importFields(record: ImportedRecord, definitions: readonly CustomFieldDefinition[]): ImportField[] {
  const custom = definitions.map(({ key, label, required, dataType }) => ({
    name: `${CUSTOM_PREFIX}${key}`,
    label,
    required,
    kind: dataType === "checkbox" ? ("truth" as const) : ("text" as const),
    aliases: [headerKey(label), headerKey(key)],
  }));
  return [...FIELDS[record], ...custom];
}

/** Whether rows of such a file name another record, by what people call it. */
export function namesAnother(record: ImportedRecord, noun: "vehicle" | "contact"): boolean {
  return FIELDS[record].some(({ name }) => name === noun);
}

function headerKey(text: string): string {
  return text
    .normalize("NFC")
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}

function answersTo(candidate: ImportField, key: string): boolean {
  return candidate.name === key || headerKey(candidate.label) === key || candidate.aliases.includes(key);
}

/** For each header the field of that name, label or other name; a field is filled by one column, the first that fits best. */
export function matchColumns(headers: readonly string[], known: readonly ImportField[]): (string | null)[] {
  const taken = new Set<string>();
  const matched = headers.map((): string | null => null);
  const byName = (candidate: ImportField, key: string) => candidate.name === key || headerKey(candidate.label) === key;
  for (const fits of [byName, answersTo]) {
    for (const [index, header] of headers.entries()) {
      const key = headerKey(header);
      if (key === "" || matched[index] !== null) continue;
      const found = known.find((candidate) => !taken.has(candidate.name) && fits(candidate, key));
      if (found === undefined) continue;
      matched[index] = found.name;
      taken.add(found.name);
    }
  }
  return matched;
}

/** What is wrong with a choice of columns, as sentences; none when it can be imported. */
export function columnComplaints(columns: readonly (string | null)[], known: readonly ImportField[]): string[] {
  const chosen = columns.filter((name) => name !== null);
  const labelOf = (name: string) => known.find((each) => each.name === name)?.label ?? name;
  const unknown = chosen.filter((name) => !known.some((each) => each.name === name));
  const doubled = [...new Set(chosen.filter((name, index) => chosen.indexOf(name) !== index))];
  const missing = known.filter(({ name, required }) => required && !chosen.includes(name));
  return [
    ...unknown.map((name) => `There is no field ${name} any more. Choose another.`),
    ...doubled.map((name) => `${labelOf(name)} is filled by two columns. Leave one out.`),
    ...missing.map(({ label }) => `${label} is required: choose the column that holds it.`),
  ];
}
