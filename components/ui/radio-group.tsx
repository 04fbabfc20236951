import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/components/ui/class-names";
import { FieldGroup } from "@/components/ui/text-field";

export type RadioOption = { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean };

export function Radio({ className, ...rest }: Omit<ComponentProps<"input">, "type">) {
  return <input {...rest} type="radio" className={cx("check", className)} />;
}

export type RadioRowProps = Omit<ComponentProps<"input">, "type"> & { label: ReactNode; hint?: ReactNode };

export function RadioRow({ label, hint, className, ...rest }: RadioRowProps) {
  return (
    <label className={cx("flex min-h-control items-center gap-2.5", className)}>
      <Radio {...rest} />
      <span className="min-w-0 py-1">
        <span className="block">{label}</span>
        {hint && <span className="block text-12 text-text-3">{hint}</span>}
      </span>
    </label>
  );
}

export type RadioGroupProps = {
  id: string;
  name: string;
  legend: ReactNode;
  options: readonly RadioOption[];
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  error?: ReactNode;
};

export function RadioGroup({ id, name, legend, options, value, onChange, hint, error }: RadioGroupProps) {
  return (
    <FieldGroup id={id} legend={legend} hint={hint} error={error}>
      {options.map((option) => (
        <RadioRow
          key={option.value}
          name={name}
          value={option.value}
          label={option.label}
          hint={option.hint}
          disabled={option.disabled}
          checked={option.value === value}
          onChange={() => onChange(option.value)}
        />
      ))}
    </FieldGroup>
  );
}
