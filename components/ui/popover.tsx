"use client";

import { use, useState, type ReactNode } from "react";

import { DialogTrigger } from "@/components/ui/dialog-trigger";
import { useLazyTrigger } from "@/components/ui/lazy-trigger";
import { onDemand } from "@/components/ui/on-demand";
import { PopoverParts } from "@/components/ui/popover-parts";
import type { PopoverLook } from "@/components/ui/popover-surface";

const surface = onDemand(() => import("@/components/ui/popover-surface"));

export type PopoverProps = PopoverLook & {
  trigger: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
};

export function Popover({ trigger, open: openProp, onOpenChange, children, ...look }: PopoverProps) {
  const [openHere, setOpenHere] = useState(false);
  const open = openProp ?? openHere;
  const change = (next: boolean) => {
    setOpenHere(next);
    onOpenChange?.(next);
  };
  const { arrived, attach, ...lazy } = useLazyTrigger(surface);
  return (
    <>
      <DialogTrigger open={open} lazy={lazy}>
        {trigger}
      </DialogTrigger>
      {arrived && (
        <arrived.part.PopoverSurface
          {...look}
          element={arrived.element}
          attach={attach}
          open={open}
          onOpenChange={change}
        >
          {children}
        </arrived.part.PopoverSurface>
      )}
    </>
  );
}

/** A button within a popover that closes it. */
export function PopoverClose({ children }: { children: ReactNode }) {
  const parts = use(PopoverParts);
  if (parts === null) throw new Error("what closes a popover stands outside of one");
  return <parts.Close asChild>{children}</parts.Close>;
}
