"use client";

import { useRouter } from "next/navigation";

import type { PickerOption } from "@/components/form/record-picker";
import { RecordForm } from "@/components/record/record-form";
import { sending, useRecordForm } from "@/components/record/use-record-form";
import { onDemand } from "@/components/ui/on-demand";
import { toast } from "@/components/ui/toaster";
import { searchVehicles } from "@/components/vehicles/vehicle-search";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import { createFuelEntryAction, editFuelEntryAction } from "@/lib/fuel-entries/actions";
import type { FuelEntryRow } from "@/lib/fuel-entries/fuel-entry-rows";
import { fuelEntryEntered, fuelEntryFields, fuelEntryValues, type VolumeUnit } from "./fuel-entry-fields";

const schemas = onDemand(() => import("@/lib/fuel-entries/schema"));

export interface FuelEntryFormProps {
  readonly accountToken: string;
  readonly definitions: readonly CustomFieldDefinition[];
  /** In which the account fuels, for a new one. */
  readonly volumeUnit: VolumeUnit;
  /** Null = a new one. */
  readonly row: FuelEntryRow | null;
  /** Of a new one: chosen from the start. */
  readonly vehicle?: PickerOption | null;
  readonly onClose: () => void;
}

export function FuelEntryForm(props: FuelEntryFormProps) {
  const { accountToken, definitions, volumeUnit, row, vehicle = null, onClose } = props;
  const router = useRouter();
  const chosen = row?.vehicle ?? vehicle;
  const fields = fuelEntryFields(searchVehicles(accountToken), chosen, definitions);
  const state = useRecordForm({
    schemas,
    fields,
    values: fuelEntryValues(row, chosen, volumeUnit, definitions),
    onSaved: () => {
      toast({ title: row === null ? "Fuel entry added" : "Fuel entry saved" });
      onClose();
      router.refresh();
    },
    prepare: (entered, changed) =>
      row === null
        ? sending(
            schemas,
            (given) => given.addFuelEntryInput,
            fuelEntryEntered(entered, entered, definitions),
            (input, submissionId) => createFuelEntryAction(accountToken, input, submissionId),
          )
        : sending(
            schemas,
            (given) => given.editFuelEntryInput,
            { id: row.id, ...fuelEntryEntered(changed, entered, definitions) },
            (input) => editFuelEntryAction(accountToken, input),
          ),
  });
  return (
    <RecordForm
      frame="dialog"
      state={state}
      title={row === null ? "Add fuel entry" : "Edit fuel entry"}
      sections={[{ title: "Fuel entry", fields }]}
      saveLabel={row === null ? "Add fuel entry" : "Save"}
      onClose={onClose}
    />
  );
}
