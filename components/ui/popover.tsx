"use client";

import { Popover as Primitive } from "radix-ui";
import type { ReactNode } from "react";

export type PopoverProps = {
  trigger: ReactNode;
  /** The accessible name of what opens. */
  label: string;
  align?: "start" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
};

export function Popover({ trigger, label, align = "start", open, onOpenChange, children }: PopoverProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-40 flex max-h-(--radix-popover-content-available-height) w-[320px] max-w-[calc(100vw-16px)] animate-fade-in flex-col rounded-lg border border-line-strong bg-bg shadow-float outline-none"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export const PopoverClose = Primitive.Close;
