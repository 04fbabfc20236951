import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/components/ui/class-names";

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
