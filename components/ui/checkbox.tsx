"use client";

import { useEffect, useRef, type ComponentProps, type ReactNode } from "react";
import { cx } from "@/components/ui/class-names";

export type CheckboxProps = Omit<ComponentProps<"input">, "type">;

export function Checkbox({ className, ...rest }: CheckboxProps) {
  return <input {...rest} type="checkbox" className={cx("check", className)} />;
}

export type MixedCheckboxProps = Omit<CheckboxProps, "ref"> & { mixed: boolean };

export function MixedCheckbox({ mixed, ...rest }: MixedCheckboxProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = mixed;
  }, [mixed]);
  return <Checkbox {...rest} ref={input} />;
}

export type CheckboxRowProps = CheckboxProps & { label: ReactNode; hint?: ReactNode; aside?: ReactNode };

export function CheckboxRow({ label, hint, aside, className, ...rest }: CheckboxRowProps) {
  return (
    <label className={cx("flex min-h-control items-center gap-2.5 rounded-sm", className)}>
      <Checkbox {...rest} />
      <span className="min-w-0 flex-1 py-1 wrap-anywhere">
        <span className="block">{label}</span>
        {hint && <span className="block text-12 text-text-3">{hint}</span>}
      </span>
      {aside && <span className="text-12 text-text-3">{aside}</span>}
    </label>
  );
}
