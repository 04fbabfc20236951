"use client";

import type { ReactNode } from "react";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { errorAt } from "@/components/form/error-at";
import { CheckboxRow } from "@/components/ui/checkbox";
import { FieldGroup } from "@/components/ui/text-field";

export type CheckboxOption = { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean };

export type CheckboxGroupProps<Values extends FieldValues> = {
  form: UseFormReturn<Values, unknown, unknown>;
  name: FieldPath<Values>;
  legend: ReactNode;
  options: readonly CheckboxOption[];
  hint?: ReactNode;
  /** A preset or the like, at the right of the legend. */
  aside?: ReactNode;
  /** Scrolls inside when there are many. */
  scroll?: boolean;
  columns?: 1 | 2;
};

export function CheckboxGroup<Values extends FieldValues>(props: CheckboxGroupProps<Values>) {
  const { form, name, legend, options, hint, aside, scroll = false, columns = 1 } = props;
  const error = errorAt(form.formState.errors, name);
  const frame = scroll ? "max-h-[240px] overflow-y-auto rounded-md border border-line px-3 py-1" : "";
  return (
    <FieldGroup id={`field-${name}`} legend={legend} hint={hint} error={error} aside={aside}>
      <div className={`grid ${columns === 2 ? "sm:grid-cols-2 sm:gap-x-4" : ""} ${frame}`}>
        {options.map((option) => (
          <CheckboxRow
            key={option.value}
            {...form.register(name)}
            value={option.value}
            label={option.label}
            hint={option.hint}
            disabled={option.disabled}
          />
        ))}
      </div>
    </FieldGroup>
  );
}
