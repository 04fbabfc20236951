"use client";

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import type { MouseEvent, ReactNode } from "react";

import { IconButton } from "@/components/ui/icon-button";
import { LazyTrigger, type LazyTriggerProps } from "@/components/ui/lazy-trigger";

export interface SheetSurfaceProps extends LazyTriggerProps {
  readonly label: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
}

export function SheetSurface({ element, attach, label, open, onOpenChange, children }: SheetSurfaceProps) {
  const closeOnLink = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest("a[href]")) onOpenChange(false);
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Trigger asChild>
        <LazyTrigger element={element} attach={attach} />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade-in bg-overlay" />
        <Dialog.Content
          aria-describedby={undefined}
          onClick={closeOnLink}
          className="side-sheet fixed inset-y-0 left-0 z-40 flex w-[280px] max-w-[calc(100vw-48px)] flex-col overflow-y-auto border-r border-line bg-bg-sidebar outline-none"
        >
          <Dialog.Title className="sr-only">{label}</Dialog.Title>
          {children}
          <Dialog.Close asChild>
            <IconButton
              label="Close navigation"
              icon={<X aria-hidden size={16} strokeWidth={1.75} />}
              className="absolute top-2 right-2"
            />
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
