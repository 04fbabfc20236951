"use client";

import { Slot } from "radix-ui";
import type { ReactNode } from "react";

import type { useLazyTrigger } from "@/components/ui/lazy-trigger";

export interface DialogTriggerProps {
  readonly open: boolean;
  readonly lazy: Pick<ReturnType<typeof useLazyTrigger>, "fetchPart" | "forward">;
  /** One button; it gets its ARIA by itself. */
  readonly children: ReactNode;
}

/** The button of what opens on a click and comes late. */
export function DialogTrigger({ open, lazy, children }: DialogTriggerProps) {
  return (
    <Slot.Root
      aria-haspopup="dialog"
      aria-expanded={open}
      onPointerEnter={(event) => lazy.fetchPart(event.currentTarget)}
      onFocus={(event) => lazy.fetchPart(event.currentTarget)}
      onClick={(event) => lazy.forward("onClick", event)}
    >
      {children}
    </Slot.Root>
  );
}
