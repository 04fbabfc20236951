import type { FieldErrors } from "@/lib/platform/errors";
import { CUSTOM_PREFIX, type ImportField } from "./import-fields";

/** What a row says of a record, under the API's names, and whom it names in words. */
export interface RowContent {
  readonly given: Readonly<Record<string, unknown>>;
  readonly vehicle: string | null;
  readonly contact: string | null;
}

const TRUTHS: Readonly<Record<string, string>> = { yes: "true", no: "false", true: "true", false: "false" };

function readCell({ kind }: ImportField, cell: string): unknown {
  switch (kind) {
    case "text":
      return cell;
    case "choice":
      return cell.toLowerCase().replace(/[\s-]+/g, "_");
    case "truth":
      return TRUTHS[cell.toLowerCase()] ?? cell;
    case "list":
      return cell
        .split(/[,;|]/)
        .map((item) => item.trim())
        .filter((item) => item !== "");
  }
}

/** Where the API wants an object for what is one cell. */
const PLACES: Readonly<Record<string, (value: unknown) => Record<string, unknown>>> = {
  starting_meter_entry_value: (value) => ({ starting_meter_entry_attributes: { value } }),
  ending_meter_entry_value: (value) => ({ ending_meter_entry_attributes: { value } }),
  meter_value: (value) => ({ meter_entry_attributes: { value } }),
  comment: (comment) => ({ comments_attributes: [{ comment }] }),
};

/** Reads a row by its columns' fields; an empty cell says nothing. */
export function readRow(
  cells: readonly string[],
  columns: readonly (string | null)[],
  known: ReadonlyMap<string, ImportField>,
): RowContent {
  const given: Record<string, unknown> = {};
  const customFields: Record<string, unknown> = {};
  const named: { vehicle: string | null; contact: string | null } = { vehicle: null, contact: null };
  for (const [index, name] of columns.entries()) {
    const field = name === null ? undefined : known.get(name);
    // As names are kept: the vehicle that a cell names is found however its letters are written.
    const cell = (cells[index] ?? "").normalize("NFC");
    if (field === undefined || cell === "") continue;
    const value = readCell(field, cell);
    if (field.name === "vehicle" || field.name === "contact") named[field.name] = cell;
    else if (field.name.startsWith(CUSTOM_PREFIX)) customFields[field.name.slice(CUSTOM_PREFIX.length)] = value;
    else Object.assign(given, PLACES[field.name]?.(value) ?? { [field.name]: value });
  }
  return {
    given: { ...given, ...(Object.keys(customFields).length > 0 && { custom_fields: customFields }) },
    ...named,
  };
}

/** The fields that the API names otherwise than a column does. */
const COLUMN_OF: Readonly<Record<string, string>> = {
  vehicle_id: "vehicle",
  contact_id: "contact",
  vehicle_type_id: "vehicle_type_name",
  vehicle_status_id: "vehicle_status_name",
  meter_unit: "primary_meter_unit",
  meter_entry_attributes: "meter_value",
  starting_meter_entry_attributes: "starting_meter_entry_value",
  ending_meter_entry_attributes: "ending_meter_entry_value",
  comments_attributes: "comment",
};

/** Why a row was refused, in the words of the columns: "VIN: has already been taken". */
export function sayRefusal(fields: FieldErrors, reason: string, known: ReadonlyMap<string, ImportField>): string {
  const said = Object.entries(fields).map(([name, complaints]) => {
    const own = name.startsWith(CUSTOM_PREFIX) ? name : (name.split(".")[0] ?? name);
    const label = known.get(COLUMN_OF[own] ?? own)?.label;
    return label === undefined ? complaints.join(", ") : `${label}: ${complaints.join(", ")}`;
  });
  return said.length === 0 ? reason : said.join("; ");
}
