"use client";

import type { PickerOption } from "@/components/form/record-picker";
import { today } from "@/components/record/date-time-values";
import type { FieldSpec, FieldValues } from "@/components/record/field-spec";
import { RecordDialog } from "@/components/record/record-dialog";
import { sending } from "@/components/record/use-record-form";
import { formatDateTime } from "@/components/ui/time-format";
import { onDemand } from "@/components/ui/on-demand";
import { searchVehicles } from "@/components/vehicles/vehicle-search";
import { createMeterEntryAction, editMeterEntryAction } from "@/lib/meter-entries/actions";
import type { MeterEntryRow } from "@/lib/meter-entries/queries";

const schemas = onDemand(() => import("@/lib/meter-entries/schema"));

export interface MeterEntryFormProps {
  readonly accountToken: string;
  /** Null = a new one. */
  readonly row: MeterEntryRow | null;
  /** Of a new one: chosen from the start. */
  readonly vehicle?: PickerOption | null;
  readonly onClose: () => void;
}

const METERS = [
  { value: "primary", label: "Main meter" },
  { value: "secondary", label: "Second meter" },
];

/** Of a reading whose time is known: the field holds the day alone. */
function sayTime(takenAt: string): string {
  return `Read on ${formatDateTime(new Date(takenAt), undefined)}. With another date that time is gone.`;
}

function fieldsOf(accountToken: string, row: MeterEntryRow | null, chosen: PickerOption | null): FieldSpec[] {
  const takenAt = row?.takenAt ?? null;
  return [
    {
      name: "vehicle_id",
      label: "Vehicle",
      kind: "record",
      required: true,
      wide: true,
      search: searchVehicles(accountToken),
      chosen,
    },
    { name: "value", label: "Reading", kind: "number", required: true, hint: "In the unit of the vehicle’s meter." },
    { name: "date", label: "Date", kind: "date", required: true, ...(takenAt !== null && { hint: sayTime(takenAt) }) },
    { name: "meter_type", label: "Meter", kind: "choice", required: true, options: METERS },
    {
      name: "void",
      label: "Void",
      kind: "checkbox",
      hint: "It is kept, but does not say where the meter stands.",
    },
  ];
}

function valuesOf(row: MeterEntryRow | null, chosen: PickerOption | null): FieldValues {
  return {
    vehicle_id: String(chosen?.id ?? ""),
    value: row?.value ?? "",
    date: row?.date ?? today(),
    meter_type: row?.kind ?? "primary",
    void: row?.isVoid ?? false,
  };
}

export function MeterEntryForm({ accountToken, row, vehicle = null, onClose }: MeterEntryFormProps) {
  const chosen = row?.vehicle ?? vehicle;
  const fields = fieldsOf(accountToken, row, chosen);
  const [title, done] =
    row === null ? ["Add meter entry", "Meter entry added"] : ["Edit meter entry", "Meter entry saved"];
  return (
    <RecordDialog
      title={title}
      saveLabel={row === null ? title : "Save"}
      done={done}
      keptAs={`${title} ${row?.id ?? ""}`}
      schemas={schemas}
      fields={fields}
      values={valuesOf(row, chosen)}
      prepare={(entered, changed) =>
        row === null
          ? sending(
              schemas,
              (given) => given.addMeterEntryInput,
              entered,
              (input, submissionId) => createMeterEntryAction(accountToken, input, submissionId),
            )
          : sending(
              schemas,
              (given) => given.editMeterEntryInput,
              { id: row.id, ...changed },
              (input) => editMeterEntryAction(accountToken, input),
            )
      }
      onClose={onClose}
    />
  );
}
