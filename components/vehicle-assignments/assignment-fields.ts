import {
  customFieldInputs,
  customFieldValues,
  enteredCustomFields,
} from "@/components/custom-fields/custom-field-inputs";
import type { PickerOption, PickerSearch } from "@/components/form/record-picker";
import { enteredInstant, localDateTime } from "@/components/record/date-time-values";
import type { FieldSpec, FieldValues } from "@/components/record/field-spec";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { AssignmentRow } from "@/lib/vehicle-assignments/list-assignment-rows";

export interface AssignmentPickers {
  readonly vehicles: PickerSearch;
  readonly contacts: PickerSearch;
}

/** What the form offers; `chosen` stands in the pickers at first. */
export function assignmentFields(
  pickers: AssignmentPickers,
  chosen: { readonly vehicle: PickerOption | null; readonly contact: PickerOption | null },
  definitions: readonly CustomFieldDefinition[],
): FieldSpec[] {
  return [
    {
      name: "vehicle_id",
      label: "Vehicle",
      kind: "record",
      required: true,
      search: pickers.vehicles,
      chosen: chosen.vehicle,
    },
    {
      name: "contact_id",
      label: "Driver",
      kind: "record",
      required: true,
      search: pickers.contacts,
      chosen: chosen.contact,
    },
    { name: "started_at", label: "Start", kind: "dateTime", hint: "In your time zone. Empty: from the beginning." },
    { name: "ended_at", label: "End", kind: "dateTime", hint: "Empty: for good, until somebody ends it." },
    {
      name: "starting_meter",
      label: "Meter at the start",
      kind: "number",
      refusedAs: "starting_meter_entry_attributes.value",
    },
    {
      name: "ending_meter",
      label: "Meter at the end",
      kind: "number",
      refusedAs: "ending_meter_entry_attributes.value",
    },
    ...customFieldInputs(definitions),
    {
      name: "comment",
      label: "Add a comment",
      kind: "area",
      wide: true,
      maxLength: 5000,
      refusedAs: "comments_attributes.0.comment",
    },
  ];
}

/** What the form holds at first: of a new assignment, from now on. */
export function assignmentValues(
  row: AssignmentRow | null,
  chosen: { readonly vehicle: PickerOption | null; readonly contact: PickerOption | null },
  definitions: readonly CustomFieldDefinition[],
): FieldValues {
  return {
    vehicle_id: String(chosen.vehicle?.id ?? ""),
    contact_id: String(chosen.contact?.id ?? ""),
    started_at: localDateTime(row === null ? new Date().toISOString() : row.startedAt),
    ended_at: localDateTime(row?.endedAt ?? null),
    starting_meter: row?.startingMeterValue ?? "",
    ending_meter: row?.endingMeterValue ?? "",
    comment: "",
    ...customFieldValues(definitions, row?.customFields),
  };
}

const blankAsNull = (text: string | boolean) => (text === "" ? null : text);

/** The form's own ways of writing a thing, put into the input's; only what is among `entered`. */
export function assignmentEntered(
  entered: FieldValues,
  definitions: readonly CustomFieldDefinition[],
): Record<string, unknown> {
  const own = enteredCustomFields(definitions, entered);
  const { vehicle_id, contact_id, started_at, ended_at, starting_meter, ending_meter, comment } = entered;
  return {
    ...(vehicle_id !== undefined && { vehicle_id }),
    ...(contact_id !== undefined && { contact_id }),
    ...(started_at !== undefined && { started_at: enteredInstant(started_at) }),
    ...(ended_at !== undefined && { ended_at: enteredInstant(ended_at) }),
    ...(starting_meter !== undefined && { starting_meter_entry_attributes: { value: blankAsNull(starting_meter) } }),
    ...(ending_meter !== undefined && { ending_meter_entry_attributes: { value: blankAsNull(ending_meter) } }),
    ...(typeof comment === "string" && comment.trim() !== "" && { comments_attributes: [{ comment }] }),
    ...(Object.keys(own).length > 0 && { custom_fields: own }),
  };
}
