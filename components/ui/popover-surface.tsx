"use client";

import { Popover } from "radix-ui";
import type { ReactNode } from "react";

import { cx } from "@/components/ui/class-names";
import { LazyTrigger, landmarkOf, type LazyTriggerProps } from "@/components/ui/lazy-trigger";
import { leaveToOpenList } from "@/components/ui/open-list";
import { PopoverParts } from "@/components/ui/popover-parts";

export interface PopoverLook {
  /** The accessible name of what opens. */
  readonly label: string;
  readonly align?: "start" | "end";
  /** As wide as its trigger, for switchers. */
  readonly matchTrigger?: boolean;
}

export interface PopoverSurfaceProps extends LazyTriggerProps, PopoverLook {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
}

export function PopoverSurface(props: PopoverSurfaceProps) {
  const { element, attach, label, align = "start", matchTrigger, open, onOpenChange, children } = props;
  return (
    <PopoverParts value={Popover}>
      <Popover.Root open={open} onOpenChange={onOpenChange}>
        <Popover.Trigger asChild>
          <LazyTrigger element={element} attach={attach} />
        </Popover.Trigger>
        <Popover.Portal container={landmarkOf(element)}>
          <Popover.Content
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
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </PopoverParts>
  );
}
