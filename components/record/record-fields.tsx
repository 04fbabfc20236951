"use client";

import { useController, useWatch, type UseFormReturn } from "react-hook-form";

import { errorAt } from "@/components/form/error-at";
import { Field, type FieldControl } from "@/components/form/field";
import { RecordPicker, type PickerOption } from "@/components/form/record-picker";
import { shownOf, type FieldSpec, type FieldValues } from "@/components/record/field-spec";
import { CheckboxRow } from "@/components/ui/checkbox";
import { cx } from "@/components/ui/class-names";
import { Input, TextArea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { FieldFrame, fieldIds } from "@/components/ui/text-field";

export type RecordFieldsProps = { form: UseFormReturn<FieldValues>; fields: readonly FieldSpec[] };

/** The inputs of some fields, in two columns where there is room. */
export function RecordFields({ form, fields }: RecordFieldsProps) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      {fields.map((spec) => (
        <div key={spec.name} className={cx("min-w-0", spec.wide && "sm:col-span-2")}>
          <RecordField form={form} spec={spec} />
        </div>
      ))}
    </div>
  );
}

function RecordField({ form, spec }: { form: UseFormReturn<FieldValues>; spec: FieldSpec }) {
  if (spec.kind === "checkbox") {
    return <CheckboxRow {...form.register(spec.name)} label={spec.label} hint={spec.hint} className="sm:mt-6" />;
  }
  if (spec.kind === "record") return <PickField form={form} spec={spec} />;
  return (
    <Field
      form={form}
      name={spec.name}
      label={spec.label}
      hint={spec.hint}
      optional={!spec.required}
      rules={rulesOf(spec)}
    >
      {(control) => <FieldInput control={control} spec={spec} />}
    </Field>
  );
}

function rulesOf({ required, label }: FieldSpec) {
  return required ? { required: `${label} can't be blank.` } : undefined;
}

type PickFieldProps = { form: UseFormReturn<FieldValues>; spec: Extract<FieldSpec, { kind: "record" }> };

function PickField({ form, spec }: PickFieldProps) {
  const { name, label, hint, required, search } = spec;
  const { field } = useController({ control: form.control, name, rules: rulesOf(spec) });
  const shown = useWatch({ control: form.control, name: shownOf(name) });
  const error = errorAt(form.formState.errors, name);
  const id = `field-${name}`;
  const choose = (option: PickerOption | null) => {
    form.setValue(shownOf(name), option?.name ?? "");
    field.onChange(option === null ? "" : String(option.id));
  };
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} optional={!required}>
      <RecordPicker
        {...fieldIds(id, { hint, error })}
        label={label}
        search={search}
        chosen={field.value ? { id: Number(field.value), name: String(shown) } : null}
        onChoose={choose}
        required={required}
        inputRef={field.ref}
      />
    </FieldFrame>
  );
}

type FieldInputProps = { control: FieldControl<string>; spec: Exclude<FieldSpec, { kind: "checkbox" | "record" }> };

function FieldInput({ control, spec }: FieldInputProps) {
  const common = { ...control, "aria-required": spec.required, autoComplete: "off" };
  switch (spec.kind) {
    case "choice":
      return (
        <Select {...common}>
          {spec.none !== undefined && <option value="">{spec.none}</option>}
          {spec.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      );
    case "area":
      return <TextArea {...common} maxLength={spec.maxLength} />;
    case "number":
      return <Input {...common} inputMode="decimal" maxLength={20} />;
    case "date":
      return <Input {...common} type="date" min="1000-01-01" max="9999-12-31" />;
    case "dateTime":
      return <Input {...common} type="datetime-local" min="1000-01-01T00:00" max="9999-12-31T23:59" />;
    case "text":
      return (
        <Input
          {...common}
          type={spec.type ?? "text"}
          maxLength={spec.maxLength ?? 255}
          className={spec.mono ? "font-mono" : undefined}
        />
      );
  }
}
