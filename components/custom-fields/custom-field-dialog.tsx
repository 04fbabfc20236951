"use client";

import { useWatch, type UseFormReturn } from "react-hook-form";

import { DialogForm } from "@/components/record/dialog-form";
import { Field } from "@/components/form/field";
import { useActionForm } from "@/components/record/use-action-form";
import { CheckboxRow } from "@/components/ui/checkbox";
import { Input, TextArea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toaster";
import type { CustomDataType, CustomRecordType } from "@/generated/prisma/enums";
import { createCustomFieldAction, editCustomFieldAction } from "@/lib/custom-fields/actions";
import { customFieldKey, DATA_TYPE_NAMES } from "@/lib/custom-fields/policy";
import type { CustomFieldRow } from "@/lib/custom-fields/queries";
import { DATA_TYPES, LONGEST_LABEL } from "@/lib/custom-fields/schema";
import { capitalised } from "@/lib/platform/name-cases";
import { CUSTOMISED_RECORDS, customisedResource } from "@/lib/resources";

export interface CustomFieldDialogProps {
  readonly accountToken: string;
  /** The field that is edited; null = one is added. */
  readonly field: CustomFieldRow | null;
  readonly record: CustomRecordType;
  readonly onClose: () => void;
}

interface Values {
  recordType: CustomRecordType;
  label: string;
  dataType: CustomDataType;
  required: boolean;
  /** One a line. */
  choices: string;
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function useCustomField({ accountToken, field, record, onClose }: CustomFieldDialogProps) {
  const values: Values = {
    label: field?.label ?? "",
    recordType: record,
    dataType: field?.dataType ?? "text",
    choices: field?.choices.join("\n") ?? "",
    required: field?.required ?? false,
  };
  return useActionForm({
    name: `custom field ${field?.id ?? "new"}`,
    values,
    toInput: ({ choices, ...typed }) => ({ ...typed, choices: typed.dataType === "drop_down" ? linesOf(choices) : [] }),
    action: ({ recordType, dataType, ...wanted }, id) =>
      field
        ? editCustomFieldAction(accountToken, { id: field.id, ...wanted }, id)
        : createCustomFieldAction(accountToken, { recordType, dataType, ...wanted }, id),
    onDone: ({ label }) => {
      toast({ title: `“${label}” ${field ? "saved" : "added"}` });
      onClose();
    },
  });
}

/** The key that the label makes, or made. */
function KeyHint({ form, field }: { form: UseFormReturn<Values>; field: CustomFieldRow | null }) {
  const label = useWatch({ control: form.control, name: "label" }).trim().replace(/\s+/g, " ");
  const key = field?.key ?? customFieldKey(label);
  if (key === "") return <>Its key in the API follows from it and never changes.</>;
  return (
    <>
      Key in the API: <code className="font-mono wrap-anywhere text-text-2">{key}</code>.{" "}
      {field
        ? "It stays as it is."
        : "Where another field has it, a number follows. It never changes, whatever the label becomes."}
    </>
  );
}

function RemovedChoices({ form, field }: { form: UseFormReturn<Values>; field: CustomFieldRow }) {
  const kept = new Set(linesOf(useWatch({ control: form.control, name: "choices" })));
  const removed = field.choices.filter((choice) => !kept.has(choice));
  return (
    <div role="status">
      {removed.length > 0 && (
        <Notice tone="warn">
          Nobody can choose {removed.map((choice) => `“${choice}”`).join(", ")} any more. Records that hold it keep it
          until somebody changes that field.
        </Notice>
      )}
    </div>
  );
}

function TypeFields({ form }: { form: UseFormReturn<Values> }) {
  return (
    <>
      <Field form={form} name="recordType" label="Record type">
        {(control) => (
          <Select {...control}>
            {CUSTOMISED_RECORDS.map((type) => (
              <option key={type} value={type}>
                {capitalised(customisedResource(type).one)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field form={form} name="dataType" label="Data type" hint="Record type and data type cannot be changed later.">
        {(control) => (
          <Select {...control}>
            {DATA_TYPES.map((type) => (
              <option key={type} value={type}>
                {DATA_TYPE_NAMES[type]}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}

/** Adds a custom field, or changes one. */
export function CustomFieldDialog(props: CustomFieldDialogProps) {
  const { field, onClose } = props;
  const state = useCustomField(props);
  const { form } = state;
  const isDropDown = useWatch({ control: form.control, name: "dataType" }) === "drop_down";
  return (
    <DialogForm
      title={field ? `Edit “${field.label}”` : "Add a custom field"}
      size="small"
      state={state}
      onClose={onClose}
    >
      <Field form={form} name="label" label="Label" hint={<KeyHint form={form} field={field} />}>
        {(control) => <Input {...control} maxLength={LONGEST_LABEL} autoComplete="off" />}
      </Field>
      {field === null && <TypeFields form={form} />}
      {isDropDown && (
        <Field form={form} name="choices" label="Choices" hint="One a line, in the order in which they are offered.">
          {(control) => <TextArea {...control} rows={5} />}
        </Field>
      )}
      {isDropDown && field && <RemovedChoices form={form} field={field} />}
      <CheckboxRow
        {...form.register("required")}
        label="Required"
        hint="A new record needs a value, and nobody can empty it afterwards. Records without one stay as they are."
      />
    </DialogForm>
  );
}
