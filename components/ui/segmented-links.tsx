"use client";

import { NavLink } from "@/components/ui/navigation";

export type Segment = { label: string; href: string; count?: string | number; current?: boolean };

export function SegmentedLinks({ label, segments }: { label: string; segments: readonly Segment[] }) {
  return (
    <div
      role="group"
      aria-label={label}
      className="inline-flex max-w-full overflow-x-auto rounded-md border border-line-strong max-sm:w-full"
    >
      {segments.map((segment) => (
        <NavLink
          key={segment.href}
          href={segment.href}
          aria-current={segment.current ? "true" : undefined}
          className="flex min-h-[calc(var(--control)-2px)] items-center border-l border-line px-[11px] whitespace-nowrap text-text-2 -outline-offset-2 transition-colors first:border-l-0 hover:bg-bg-subtle hover:text-text aria-[current]:bg-bg-hover aria-[current]:font-medium aria-[current]:text-text max-sm:grow max-sm:justify-center"
        >
          {segment.label}
          {segment.count !== undefined && <span className="ml-1 font-normal text-text-3">{segment.count}</span>}
        </NavLink>
      ))}
    </div>
  );
}
