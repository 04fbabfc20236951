"use client";

import type { PickerOption } from "@/components/form/record-picker";
import { RecordDialog } from "@/components/record/record-dialog";
import { sending } from "@/components/record/use-record-form";
import { onDemand } from "@/components/ui/on-demand";
import { searchVehicles } from "@/components/vehicles/vehicle-search";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import { createFuelEntryAction, editFuelEntryAction } from "@/lib/fuel-entries/actions";
import type { FuelEntryRow } from "@/lib/fuel-entries/list-fuel-entry-rows";
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
  const chosen = row?.vehicle ?? vehicle;
  const fields = fuelEntryFields(searchVehicles(accountToken), chosen, definitions);
  const [title, done] = row === null ? ["Add fuel entry", "Fuel entry added"] : ["Edit fuel entry", "Fuel entry saved"];
  return (
    <RecordDialog
      title={title}
      saveLabel={row === null ? title : "Save"}
      done={done}
      keptAs={`${title} ${row?.id ?? ""}`}
      schemas={schemas}
      fields={fields}
      values={fuelEntryValues(row, chosen, volumeUnit, definitions)}
      prepare={(entered, changed) =>
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
            )
      }
      onClose={onClose}
    />
  );
}
