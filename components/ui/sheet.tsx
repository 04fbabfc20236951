"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { MouseEvent, ReactNode } from "react";
import { IconButton } from "@/components/ui/icon-button";

export type SheetProps = {
  label: string;
  trigger: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
};

export function Sheet({ label, trigger, open, onOpenChange, children }: SheetProps) {
  const closeOnLink = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest("a[href]")) onOpenChange(false);
  };
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade-in bg-overlay" />
        <Primitive.Content
          aria-describedby={undefined}
          onClick={closeOnLink}
          className="side-sheet fixed inset-y-0 left-0 z-40 flex w-[280px] max-w-[calc(100vw-48px)] flex-col overflow-y-auto border-r border-line bg-bg-sidebar outline-none"
        >
          <Primitive.Title className="sr-only">{label}</Primitive.Title>
          {children}
          <Primitive.Close asChild>
            <IconButton
              label="Close navigation"
              icon={<X aria-hidden size={16} strokeWidth={1.75} />}
              className="absolute top-2 right-2"
            />
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
