"use client";

import { DropdownMenu } from "radix-ui";
import type { FocusEvent, ReactNode } from "react";

import { cx } from "@/components/ui/class-names";
import { LazyTrigger, landmarkOf, type LazyTriggerProps } from "@/components/ui/lazy-trigger";
import { MenuParts } from "@/components/ui/menu-parts";

export interface MenuLook {
  readonly align?: "start" | "end";
  readonly side?: "top" | "bottom";
  /** As wide as its trigger, for switchers. */
  readonly matchTrigger?: boolean;
}

export interface MenuSurfaceProps extends LazyTriggerProps, MenuLook {
  /** The id of what opens it, which is what it is called. */
  readonly labelledBy: string;
  /** Whether a key has just opened it: then its first item gets the focus, once. */
  readonly takeByKeyboard: () => boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
}

export function MenuSurface(props: MenuSurfaceProps) {
  const {
    element,
    attach,
    labelledBy,
    takeByKeyboard,
    onOpenChange,
    align = "end",
    side = "bottom",
    matchTrigger,
  } = props;
  // The library looks out for keys only once it is there, so it may have missed the one that opened it.
  const toFirstItem = (event: FocusEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || !takeByKeyboard()) return;
    event.currentTarget.querySelector<HTMLElement>("[role^=menuitem]:not([data-disabled])")?.focus();
  };
  return (
    <MenuParts value={DropdownMenu}>
      <DropdownMenu.Root modal={false} onOpenChange={onOpenChange}>
        <DropdownMenu.Trigger asChild>
          <LazyTrigger element={element} attach={attach} />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal container={landmarkOf(element)}>
          <DropdownMenu.Content
            aria-labelledby={labelledBy}
            onFocus={toFirstItem}
            align={align}
            side={side}
            sideOffset={4}
            collisionPadding={8}
            className={cx(
              "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-[200px] max-w-[calc(100vw-16px)] overflow-y-auto",
              "animate-fade-in rounded-lg border border-line-strong bg-bg p-1 shadow-float outline-none",
              matchTrigger && "w-(--radix-dropdown-menu-trigger-width)",
            )}
          >
            {props.children}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </MenuParts>
  );
}
