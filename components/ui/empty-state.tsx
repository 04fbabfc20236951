import type { ReactNode } from "react";

export type EmptyStateProps = { title: string; children?: ReactNode; action?: ReactNode };

export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="rounded-xl border border-dashed border-line-strong px-4 py-18 text-center">
      <h2 className="text-16 font-semibold">{title}</h2>
      {children && <div className="mx-auto mt-1 max-w-[46ch] text-text-2">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
