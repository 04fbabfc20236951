"use client";

import { Slot } from "radix-ui";
import { useState, type ReactNode } from "react";

import { useLateTrigger } from "@/components/ui/late-trigger";
import { onDemand } from "@/components/ui/on-demand";

const surface = onDemand(() => import("@/components/ui/sheet-surface"));

export type SheetProps = { label: string; trigger: ReactNode; children: ReactNode };

/** What slides in from the side; following a link in it closes it. */
export function Sheet({ label, trigger, children }: SheetProps) {
  const [open, setOpen] = useState(false);
  const { arrived, summon, hand, lend } = useLateTrigger(surface);
  return (
    <>
      <Slot.Root
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={(event) => summon(event.currentTarget)}
        onFocus={(event) => summon(event.currentTarget)}
        onClick={(event) => hand("onClick", event)}
      >
        {trigger}
      </Slot.Root>
      {arrived && (
        <arrived.part.SheetSurface
          label={label}
          element={arrived.element}
          lend={lend}
          open={open}
          onOpenChange={setOpen}
        >
          {children}
        </arrived.part.SheetSurface>
      )}
    </>
  );
}
