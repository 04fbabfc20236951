"use client";

import { Slot } from "radix-ui";
import {
  useId,
  useState,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  type SyntheticEvent,
} from "react";

import { useLazyTrigger } from "@/components/ui/lazy-trigger";
import { onDemand } from "@/components/ui/on-demand";

const surface = onDemand(() => import("@/components/ui/tooltip-surface"));

/** `children` is one element that takes the focus. */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactElement }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const { arrived, forward, dropEvent, attach } = useLazyTrigger(surface);
  const point = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== "touch") forward("onPointerMove", event);
  };
  // The library knows what a press gives the focus to; until it is there, the browser does.
  const focus = (event: FocusEvent<HTMLElement>) => {
    if (arrived || event.currentTarget.matches(":focus-visible")) forward("onFocus", event);
  };
  const handOn = (name: string) => (event: SyntheticEvent<HTMLElement>) =>
    arrived ? forward(name, event) : dropEvent();
  return (
    <>
      <Slot.Root
        aria-describedby={open ? id : undefined}
        onPointerMove={point}
        onFocus={focus}
        onPointerLeave={handOn("onPointerLeave")}
        onPointerDown={handOn("onPointerDown")}
        onBlur={handOn("onBlur")}
        onClick={handOn("onClick")}
      >
        {children}
      </Slot.Root>
      {arrived && (
        <arrived.part.TooltipSurface element={arrived.element} attach={attach} id={id} onOpenChange={setOpen}>
          {content}
        </arrived.part.TooltipSurface>
      )}
    </>
  );
}
