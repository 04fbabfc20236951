import { cx } from "@/components/ui/class-names";

export type ButtonVariant = "primary" | "secondary" | "danger" | "ghost" | "link" | "icon";

const FRAME =
  "inline-flex items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap select-none transition-colors " +
  "disabled:opacity-45 aria-disabled:opacity-45 aria-busy:opacity-70 disabled:cursor-not-allowed aria-disabled:cursor-not-allowed";

const LOOKS: Record<ButtonVariant, string> = {
  primary: "min-h-control px-3 border border-accent bg-accent text-on-accent not-disabled:hover:bg-accent-hover",
  secondary: "min-h-control px-3 border border-line-strong bg-bg text-text not-disabled:hover:bg-bg-hover",
  danger: "min-h-control px-3 border border-bad bg-bad text-on-bad not-disabled:hover:bg-bad-hover",
  ghost:
    "min-h-control px-3 border border-transparent text-text-2 not-disabled:hover:bg-bg-hover not-disabled:hover:text-text",
  link: "min-h-control px-1.5 font-normal text-text-2 underline underline-offset-[3px] decoration-line-strong not-disabled:hover:text-text",
  icon: "size-control-icon flex-none p-0 text-text-2 not-disabled:hover:bg-bg-hover not-disabled:hover:text-text",
};

export function buttonLook(variant: ButtonVariant = "secondary", className?: string): string {
  return cx(FRAME, LOOKS[variant], className);
}
