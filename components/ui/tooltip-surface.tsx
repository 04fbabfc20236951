"use client";

import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";

import { LazyTrigger, type LazyTriggerProps } from "@/components/ui/lazy-trigger";

export interface TooltipSurfaceProps extends LazyTriggerProps {
  readonly id: string;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
}

export function TooltipSurface({ element, attach, id, onOpenChange, children }: TooltipSurfaceProps) {
  return (
    <Tooltip.Provider delayDuration={250}>
      <Tooltip.Root onOpenChange={onOpenChange}>
        <Tooltip.Trigger asChild>
          <LazyTrigger element={element} attach={attach} />
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content
            id={id}
            sideOffset={6}
            collisionPadding={8}
            className="z-70 max-w-[320px] animate-fade-in rounded-md bg-text px-2 py-1 text-12 text-bg"
          >
            {children}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
