"use client";

import { Popover as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "@/components/ui/class-names";
import { useLandmark } from "@/components/ui/use-landmark";
import { leaveToOpenList } from "@/components/ui/open-list";

export type PopoverProps = {
  trigger: ReactNode;
  /** The accessible name of what opens. */
  label: string;
  align?: "start" | "end";
  /** As wide as its trigger, for switchers. */
  matchTrigger?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
};

export function Popover({ trigger, label, align = "start", matchTrigger, open, onOpenChange, children }: PopoverProps) {
  const { opener, landmark, find } = useLandmark();
  const change = (next: boolean) => {
    if (next) find();
    onOpenChange?.(next);
  };
  return (
    <Primitive.Root open={open} onOpenChange={change}>
      <Primitive.Trigger asChild ref={opener}>
        {trigger}
      </Primitive.Trigger>
      <Primitive.Portal container={landmark}>
        <Primitive.Content
          onEscapeKeyDown={leaveToOpenList}
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={cx(
            "z-40 flex max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-16px)] animate-fade-in flex-col rounded-lg border border-line-strong bg-bg shadow-float outline-none",
            matchTrigger ? "w-(--radix-popover-trigger-width)" : "w-[320px]",
          )}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export const PopoverClose = Primitive.Close;
