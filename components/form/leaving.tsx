"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useState, type ReactNode } from "react";

import type { Draft } from "@/components/form/draft";
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog";

/** Carried by the link that says "Cancel": whoever follows it has decided. */
export const DISCARDS = { "data-discards": "" } as const;

/** Where a click leads within this site, or null. */
function wayOf(event: MouseEvent): { href: string; discards: boolean } | null {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
  const isElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
  if (link === null || isElsewhere || link.target !== "" || link.hasAttribute("download")) return null;
  const to = new URL(link.href);
  const isHere = to.pathname === location.pathname && to.search === location.search;
  if (to.origin !== location.origin || isHere) return null;
  return { href: to.pathname + to.search + to.hash, discards: link.hasAttribute("data-discards") };
}

/** The page loads itself anew, as after an upgrade of the hub: what was typed is kept, and nobody is to be asked. */
function isOwnReload({ navigationType, userInitiated, formData, destination }: NavigateEvent): boolean {
  return navigationType !== "traverse" && !userInitiated && formData === null && !destination.sameDocument;
}

/** Back that stays within this document: what leaves it is asked about by the browser itself. */
function isBackWithin({ navigationType, cancelable, destination }: NavigateEvent): boolean {
  return navigationType === "traverse" && cancelable && destination.sameDocument;
}

export interface Leaving {
  /** True = nothing would be lost; otherwise it is asked, and `go` follows once somebody says so. */
  readonly mayLeave: (go: () => void) => boolean;
  /** Stands beside the form. */
  readonly question: ReactNode;
}

type LeftDraft = Pick<Draft, "isChanged" | "keep" | "drop">;

/**
 * Asks before what was typed is left: by a link, by Back, by reloading or closing the tab, and by whatever asks
 * `mayLeave`. Where a browser lets no page hold Back up, what was typed is there again on coming back.
 */
export function useLeaving(draft: LeftDraft): Leaving {
  const [going, setGoing] = useState<{ go: () => void } | null>(null);
  useWaysOut(draft, (go) => setGoing({ go }));
  const discard = () => {
    draft.drop();
    setGoing(null);
    going?.go();
  };
  const mayLeave = (go: () => void) => {
    if (!draft.isChanged()) return true;
    setGoing({ go });
    return false;
  };
  const question = going && (
    <LazyConfirmDialog
      open
      title="Discard what you entered?"
      consequence="It was not saved."
      confirmLabel="Discard"
      cancelLabel="Keep editing"
      onConfirm={discard}
      onClose={() => setGoing(null)}
    />
  );
  return { mayLeave, question };
}

function useWaysOut(draft: LeftDraft, ask: (go: () => void) => void): void {
  const router = useRouter();
  const onClick = useEffectEvent((event: MouseEvent) => {
    const way = wayOf(event);
    if (way === null || !draft.isChanged()) return;
    if (way.discards) return draft.drop();
    event.preventDefault();
    event.stopPropagation();
    ask(() => router.push(way.href));
  });
  const onBack = useEffectEvent((event: NavigateEvent) => {
    if (!draft.isChanged()) return;
    event.preventDefault();
    const { key } = event.destination;
    ask(() => void navigation.traverseTo(key));
  });
  const isToBeAsked = useEffectEvent(() => draft.isChanged());
  useEffect(() => {
    let isReloading = false;
    const stop = new AbortController();
    const { signal } = stop;
    const onUnload = (event: BeforeUnloadEvent) => {
      if (!isReloading && isToBeAsked()) event.preventDefault();
    };
    const onNavigate = (event: NavigateEvent) => {
      isReloading = isOwnReload(event);
      if (isBackWithin(event)) onBack(event);
    };
    addEventListener("beforeunload", onUnload, { signal });
    addEventListener("click", (event) => onClick(event), { signal, capture: true });
    if ("navigation" in window) navigation.addEventListener("navigate", onNavigate, { signal });
    return () => stop.abort();
  }, []);
}
