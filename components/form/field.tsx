"use client";

import type { ReactNode } from "react";
import type { FieldPath, FieldValues, RegisterOptions, UseFormRegisterReturn, UseFormReturn } from "react-hook-form";
import { fieldIds, FieldFrame, type FieldIds } from "@/components/ui/text-field";
import { errorAt } from "@/components/form/error-at";

export type FieldControl<Name extends string> = UseFormRegisterReturn<Name> & FieldIds;

export type FieldProps<Values extends FieldValues, Name extends FieldPath<Values>> = {
  form: UseFormReturn<Values, unknown, unknown>;
  name: Name;
  label: ReactNode;
  hint?: ReactNode;
  optional?: boolean;
  rules?: RegisterOptions<Values, Name>;
  /** Gets everything its input must carry: `(control) => <Input {...control} />`. */
  children: (control: FieldControl<Name>) => ReactNode;
};

export function Field<Values extends FieldValues, Name extends FieldPath<Values>>(props: FieldProps<Values, Name>) {
  const { form, name, label, hint, optional, rules, children } = props;
  const error = errorAt(form.formState.errors, name);
  const id = `field-${name}`;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} optional={optional}>
      {children({ ...form.register(name, rules), ...fieldIds(id, { hint, error }) })}
    </FieldFrame>
  );
}
