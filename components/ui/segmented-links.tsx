"use client";

import { NavLink } from "@/components/ui/navigation";

export type Segment = { label: string; href: string; count?: string | number; current?: boolean };

export function SegmentedLinks({ label, segments }: { label: string; segments: readonly Segment[] }) {
  return (
    <div
      role="group"
      aria-label={label}
      className="inline-flex max-w-full flex-wrap gap-px overflow-hidden rounded-md border border-line-strong bg-line max-sm:w-full"
    >
      {segments.map((segment) => (
        <NavLink
          key={segment.href}
          href={segment.href}
          aria-current={segment.current ? "true" : undefined}
          className="flex min-h-[calc(var(--control)-2px)] items-center bg-bg px-[11px] whitespace-nowrap text-text-2 -outline-offset-2 transition-colors hover:bg-bg-subtle hover:text-text aria-[current]:bg-bg-hover aria-[current]:font-medium aria-[current]:text-text max-sm:grow max-sm:justify-center"
        >
          {segment.label}
          {segment.count !== undefined && <span className="ml-1 font-normal text-text-3">{segment.count}</span>}
        </NavLink>
      ))}
    </div>
  );
}
