import { Ban, Check, Clock, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/components/ui/class-names";

export type BadgeTone = "ok" | "warn" | "off" | "bad";

const ICONS: Record<BadgeTone, LucideIcon> = { ok: Check, warn: Clock, off: Ban, bad: TriangleAlert };
const LOOKS: Record<BadgeTone, string> = {
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  off: "bg-off-soft text-off",
  bad: "bg-bad-soft text-bad",
};

export function Badge({ tone, icon, children }: { tone: BadgeTone; icon?: LucideIcon; children: ReactNode }) {
  const Icon = icon ?? ICONS[tone];
  return (
    <span
      className={cx(
        "inline-flex h-[22px] items-center gap-1.5 rounded-sm pr-2 pl-1.5 text-12 font-medium whitespace-nowrap",
        LOOKS[tone],
      )}
    >
      <Icon aria-hidden size={13} strokeWidth={2} className="shrink-0" />
      {children}
    </span>
  );
}
