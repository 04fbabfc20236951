"use client";

import { useState, type ReactNode } from "react";

import { DialogTrigger } from "@/components/ui/dialog-trigger";
import { useLazyTrigger } from "@/components/ui/lazy-trigger";
import { onDemand } from "@/components/ui/on-demand";

const surface = onDemand(() => import("@/components/ui/sheet-surface"));

export type SheetProps = { label: string; trigger: ReactNode; children: ReactNode };

/** What slides in from the side; following a link in it closes it. */
export function Sheet({ label, trigger, children }: SheetProps) {
  const [open, setOpen] = useState(false);
  const { arrived, attach, ...lazy } = useLazyTrigger(surface);
  return (
    <>
      <DialogTrigger open={open} lazy={lazy}>
        {trigger}
      </DialogTrigger>
      {arrived && (
        <arrived.part.SheetSurface
          label={label}
          element={arrived.element}
          attach={attach}
          open={open}
          onOpenChange={setOpen}
        >
          {children}
        </arrived.part.SheetSurface>
      )}
    </>
  );
}
