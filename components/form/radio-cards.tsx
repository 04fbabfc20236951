"use client";

import type { ReactNode } from "react";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { errorAt } from "@/components/form/error-at";
import { Radio, type RadioOption } from "@/components/ui/radio-group";
import { FieldGroup } from "@/components/ui/text-field";

export type RadioCardsProps<Values extends FieldValues> = {
  form: UseFormReturn<Values, unknown, unknown>;
  name: FieldPath<Values>;
  legend: ReactNode;
  options: readonly RadioOption[];
  hint?: ReactNode;
  columns?: 1 | 2 | 3 | 4;
};

const COLUMNS = { 1: "", 2: "sm:grid-cols-2", 3: "sm:grid-cols-3", 4: "sm:grid-cols-4" };

export function RadioCards<Values extends FieldValues>({
  form,
  name,
  legend,
  options,
  hint,
  columns = 1,
}: RadioCardsProps<Values>) {
  return (
    <FieldGroup id={`field-${name}`} legend={legend} hint={hint} error={errorAt(form.formState.errors, name)}>
      <div className={`grid gap-2 ${COLUMNS[columns]}`}>
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-h-control items-start gap-2.5 rounded-md border border-line-strong px-3 py-2 text-text transition-colors hover:bg-bg-hover has-checked:border-accent has-checked:bg-accent-soft has-disabled:opacity-45"
          >
            <Radio {...form.register(name)} value={option.value} disabled={option.disabled} className="mt-0.5" />
            <span className="min-w-0">
              <span className="block">{option.label}</span>
              {option.hint && <span className="block text-12 text-text-2">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}
