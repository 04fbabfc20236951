import { CircleAlert } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/components/ui/class-names";

export function Label({ className, ...rest }: ComponentProps<"label">) {
  return <label {...rest} className={cx("block font-medium wrap-anywhere text-text", className)} />;
}

export function Hint({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="text-12 text-text-3">
      {children}
    </p>
  );
}

export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="flex gap-1.5 text-12 text-bad">
      <CircleAlert aria-hidden size={13} strokeWidth={2} className="mt-px shrink-0" />
      <span>{children}</span>
    </p>
  );
}

export type FieldIds = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };

/** What a control must carry so that its hint and its error are read with it. */
export function fieldIds(id: string, { hint, error }: { hint?: ReactNode; error?: ReactNode }): FieldIds {
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return { id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined };
}

export type FieldFrameProps = {
  id: string;
  label: ReactNode;
  optional?: boolean;
  hint?: ReactNode;
  error?: ReactNode;
  children: ReactNode;
};

export function FieldFrame({ id, label, optional, hint, error, children }: FieldFrameProps) {
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <Label htmlFor={id}>
        {label}
        {optional && <span className="font-normal text-text-3"> (optional)</span>}
      </Label>
      {children}
      {hint && <Hint id={`${id}-hint`}>{hint}</Hint>}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

export type FieldGroupProps = {
  id: string;
  legend: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  children: ReactNode;
  aside?: ReactNode;
};

export function FieldGroup({ id, legend, hint, error, children, aside }: FieldGroupProps) {
  return (
    // Not a fieldset: nothing can stand beside a legend.
    <div
      role="group"
      aria-labelledby={`${id}-legend`}
      aria-describedby={fieldIds(id, { hint, error })["aria-describedby"]}
      className="grid min-w-0 gap-1.5"
    >
      <div className="flex items-center justify-between gap-3">
        <span id={`${id}-legend`} className="font-medium text-text">
          {legend}
        </span>
        {aside && <span className="-my-1.5">{aside}</span>}
      </div>
      {hint && <Hint id={`${id}-hint`}>{hint}</Hint>}
      {children}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}
