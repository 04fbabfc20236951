"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";

export function SelectionBar({
  count,
  onClear,
  children,
}: {
  count: number;
  onClear: () => void;
  children: ReactNode;
}) {
  return (
    <div
      role="group"
      aria-label="Selection"
      className="mb-3 flex max-sm:sticky max-sm:top-2 max-sm:z-10 min-h-control flex-wrap items-center gap-2 rounded-md bg-accent-soft px-3 sm:pr-0"
    >
      <span className="font-medium">{count} selected</span>
      {children}
      <Button variant="link" className="ml-auto" onClick={onClear}>
        Clear selection
      </Button>
    </div>
  );
}
