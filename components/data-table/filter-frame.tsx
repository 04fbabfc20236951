"use client";

import { ListFilter } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Popover, PopoverClose } from "@/components/ui/popover";

export type FilterFrameProps = {
  label?: string;
  /** How many filters are set. */
  chosen: number;
  onClear: () => void;
  /** Its controls; each choice counts at once. */
  children: ReactNode;
};

/** The button that says how many filters are set, and what it opens. */
export function FilterFrame({ label = "Filters", chosen, onClear, children }: FilterFrameProps) {
  return (
    <Popover
      label={label}
      trigger={
        <Button icon={<ListFilter aria-hidden size={16} strokeWidth={1.75} />}>
          {label}
          {chosen > 0 && <span className="font-normal text-text-3">{chosen}</span>}
        </Button>
      }
    >
      <div className="grid min-h-0 gap-3 overflow-y-auto p-3">{children}</div>
      <div className="flex flex-none justify-between gap-2 border-t border-line p-2">
        <Button variant="link" disabled={chosen === 0} onClick={onClear}>
          Clear filters
        </Button>
        <PopoverClose>
          <Button>Done</Button>
        </PopoverClose>
      </div>
    </Popover>
  );
}
