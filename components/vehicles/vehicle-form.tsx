"use client";

import { useRouter } from "next/navigation";

import {
  customFieldInputs,
  customFieldValues,
  enteredCustomFields,
} from "@/components/custom-fields/custom-field-inputs";
import type { FieldValues } from "@/components/record/field-spec";
import { RecordForm } from "@/components/record/record-form";
import { sending, useRecordForm } from "@/components/record/use-record-form";
import { onDemand } from "@/components/ui/on-demand";
import { toast } from "@/components/ui/toaster";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import { createVehicleAction, editVehicleAction } from "@/lib/vehicles/actions";
import type { VehicleRecord } from "@/lib/vehicles/presenter";
import {
  newVehicleValues,
  vehicleFieldsEntered,
  vehicleSections,
  vehicleValues,
  type VehicleSettings,
} from "./vehicle-fields";

const schemas = onDemand(() => import("@/lib/vehicles/schema"));

export interface VehicleFormProps {
  readonly accountToken: string;
  readonly settings: VehicleSettings;
  readonly definitions: readonly CustomFieldDefinition[];
  /** Null = a new one. */
  readonly vehicle: VehicleRecord | null;
  /** How the account measures, for a new one. */
  readonly measures: Parameters<typeof newVehicleValues>[1];
}

export function VehicleForm({ accountToken, settings, definitions, vehicle, measures }: VehicleFormProps) {
  const router = useRouter();
  const sections = vehicleSections(settings, customFieldInputs(definitions));
  const base = `/${accountToken}/vehicles`;
  const inputOf = (entered: FieldValues) => {
    const own = enteredCustomFields(definitions, entered);
    return { ...vehicleFieldsEntered(entered), ...(Object.keys(own).length > 0 && { custom_fields: own }) };
  };
  const state = useRecordForm({
    schemas,
    fields: sections.flatMap(({ fields }) => fields),
    values: {
      ...(vehicle === null ? newVehicleValues(settings, measures) : vehicleValues(vehicle)),
      ...customFieldValues(definitions, vehicle?.customFields),
    },
    onClash: () => router.refresh(),
    prepare: (entered, changed, seen) =>
      vehicle === null
        ? sending(
            schemas,
            (given) => given.addVehicleInput,
            inputOf(entered),
            (input, submissionId) => createVehicleAction(accountToken, input, submissionId),
          )
        : sending(
            schemas,
            (given) => given.editVehicleInput,
            {
              id: vehicle.id,
              ...inputOf(changed),
              seen: { ...inputOf(seen), ...("labels" in seen && { labels: [...vehicle.labels] }) },
            },
            (input) => editVehicleAction(accountToken, input),
          ),
    onSaved: ({ id, name }) => {
      toast({ title: vehicle === null ? `“${name}” added` : `“${name}” saved` });
      router.push(`${base}/${id}`);
    },
  });
  return (
    <RecordForm
      state={state}
      sections={sections}
      saveLabel={vehicle === null ? "Add vehicle" : "Save"}
      cancelHref={vehicle === null ? base : `${base}/${vehicle.id}`}
    />
  );
}
