"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { onDemand } from "@/components/ui/on-demand";
import { addToast, currentToasts, serverToasts, subscribeToToasts, type ToastInput } from "@/components/ui/toast-store";

const surface = onDemand(() => import("@/components/ui/toast-surface"));
/** A page has what it needs by then. */
const QUIET_MS = 3000;

type ToastPart = Awaited<ReturnType<typeof surface.load>>;

const FIRST_TOUCH = ["pointerdown", "keydown"] as const;

/** From anywhere in the browser: `toast({ title, description })`. */
export function toast(input: ToastInput): void {
  addToast(input);
}

/** Once, in the root layout. */
export function Toaster() {
  const entries = useSyncExternalStore(subscribeToToasts, currentToasts, serverToasts);
  const [part, setPart] = useState<ToastPart | null>(null);
  const wanted = entries.length > 0;
  useEffect(() => {
    // What a toast says may be that the server is gone: what shows it must have come before, but need not come first.
    const bring = () => {
      surface.load().then(setPart, () => {
        // The next touch asks again.
      });
    };
    if (wanted) bring();
    const quiet = setTimeout(bring, QUIET_MS);
    for (const event of FIRST_TOUCH) addEventListener(event, bring, { passive: true });
    return () => {
      clearTimeout(quiet);
      for (const event of FIRST_TOUCH) removeEventListener(event, bring);
    };
  }, [wanted]);
  return part && <part.ToastSurface entries={entries} />;
}
