"use client";

import { useCallback, useLayoutEffect, useRef, useState, type Ref, type SyntheticEvent } from "react";

import { sayNotFetched, type OnDemand } from "@/components/ui/on-demand";
import { addToast } from "@/components/ui/toast-store";

type Handlers = Readonly<Record<string, unknown>>;
type Attach = (handlers: Handlers | null) => void;

/** Whoever only points at something, or goes by with the keyboard, need not hear that there was no hint. */
const PRESSES: readonly string[] = ["pointerdown", "keydown", "click"];

/** What a part that comes late is given of the element that opens it. */
export interface LazyTriggerProps {
  readonly element: HTMLElement;
  readonly attach: Attach;
}

/**
 * A button that is there before what it opens: the library that knows how to open it comes when somebody points at the
 * button, goes to it or presses it, and then treats it as its own. A page of fifty rows so pays for the menus that are used.
 */
export function useLazyTrigger<Part>(demand: OnDemand<Part>) {
  const [arrived, setArrived] = useState<{ readonly part: Part; readonly element: HTMLElement } | null>(null);
  const attached = useRef<Handlers | null>(null);
  const missed = useRef<{ readonly name: string; readonly event: SyntheticEvent } | null>(null);

  const fetchPart = (element: HTMLElement) => {
    if (arrived) return;
    demand.load().then(
      (part) => setArrived((before) => before ?? { part, element }),
      (error: unknown) => {
        const { current } = missed;
        missed.current = null;
        if (current && PRESSES.includes(current.event.type)) void sayNotFetched(error).then(addToast);
      },
    );
  };
  /** Hands an event to the library's handler of that name, at once or as soon as there is one. */
  const forward = (name: string, event: SyntheticEvent<HTMLElement>) => {
    if (attached.current) return handle(attached.current, name, event);
    missed.current = { name, event };
    fetchPart(event.currentTarget);
  };
  /** What was not yet handed on is not to be any more. */
  const dropEvent = () => {
    missed.current = null;
  };
  const attach = useCallback<Attach>((handlers) => {
    attached.current = handlers;
    if (handlers === null || missed.current === null) return;
    const { name, event } = missed.current;
    missed.current = null;
    handle(handlers, name, event);
  }, []);
  return { arrived, fetchPart, forward, dropEvent, attach };
}

function handle(handlers: Handlers, name: string, event: SyntheticEvent): void {
  (handlers[name] as ((event: SyntheticEvent) => void) | undefined)?.(event);
}

/** Stands where the library wants its trigger, and lets it have the element that has been there all along. */
export function LazyTrigger({
  element,
  attach,
  ref,
  ...handlers
}: LazyTriggerProps & { readonly ref?: Ref<HTMLElement> }) {
  useLayoutEffect(() => {
    if (typeof ref !== "function") return;
    const release = ref(element);
    return () => {
      if (typeof release === "function") release();
      else ref(null);
    };
  }, [ref, element]);
  useLayoutEffect(() => {
    attach(handlers);
  });
  useLayoutEffect(() => () => attach(null), [attach]);
  return null;
}

/**
 * Where something that floats is put down: within the landmark or dialog that its opener belongs to, so that a screen
 * reader finds it there and not behind the page.
 */
export function landmarkOf(element: HTMLElement): HTMLElement | null {
  return element.closest<HTMLElement>("[role=dialog], [role=alertdialog], main, aside");
}
