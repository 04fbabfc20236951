import { CircleAlert, Info, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/components/ui/class-names";

export type NoticeTone = "warn" | "info" | "bad";

const ICONS: Record<NoticeTone, LucideIcon> = { warn: TriangleAlert, info: Info, bad: CircleAlert };
const LOOKS: Record<NoticeTone, string> = {
  warn: "bg-warn-soft text-warn",
  info: "bg-bg-hover text-text-2",
  bad: "bg-bad-soft text-bad",
};

export type NoticeProps = ComponentProps<"div"> & { tone?: NoticeTone; children: ReactNode };

export function Notice({ tone = "info", children, className, ...rest }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div {...rest} className={cx("flex gap-2.5 rounded-md px-3 py-2.5", LOOKS[tone], className)}>
      <Icon aria-hidden size={16} strokeWidth={1.75} className="mt-0.5 shrink-0" />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
