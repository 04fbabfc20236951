"use client";

import { Slot } from "radix-ui";
import type { ReactNode } from "react";

import type { useLateTrigger } from "@/components/ui/late-trigger";

export interface DialogTriggerProps {
  readonly open: boolean;
  readonly late: Pick<ReturnType<typeof useLateTrigger>, "summon" | "hand">;
  /** One button; it gets its ARIA by itself. */
  readonly children: ReactNode;
}

/** The button of what opens on a click and comes late. */
export function DialogTrigger({ open, late, children }: DialogTriggerProps) {
  return (
    <Slot.Root
      aria-haspopup="dialog"
      aria-expanded={open}
      onPointerEnter={(event) => late.summon(event.currentTarget)}
      onFocus={(event) => late.summon(event.currentTarget)}
      onClick={(event) => late.hand("onClick", event)}
    >
      {children}
    </Slot.Root>
  );
}
