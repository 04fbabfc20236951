import { cx } from "@/components/ui/class-names";

export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cx("late block", className)}>
      <span className="block size-full animate-pulse rounded-sm bg-bg-hover" />
    </span>
  );
}
