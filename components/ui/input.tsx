import type { ComponentProps } from "react";
import { cx } from "@/components/ui/class-names";

export const INPUT_LOOK =
  "w-full min-h-control rounded-md border border-line-control bg-bg px-2.5 text-text transition-colors " +
  "max-sm:text-16 disabled:bg-bg-subtle disabled:text-text-3 aria-invalid:border-bad";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input type="text" {...rest} className={cx(INPUT_LOOK, className)} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={3} {...rest} className={cx(INPUT_LOOK, "py-1.5", className)} />;
}
