"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** So long without a sign of a person, nobody counts as looking: a forgotten tab must not keep somebody signed in. */
const LOOKING_MS = 5 * 60_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll", "focus"] as const;

/** Reads the page anew every so often, while it is wanted and somebody looks. */
export function useLivePage(everyMs: number, wanted = true): void {
  const router = useRouter();
  useEffect(() => {
    if (!wanted) return;
    let seenAt = performance.now();
    let readAt = seenAt;
    const read = () => {
      const now = performance.now();
      if (document.hidden || now - seenAt > LOOKING_MS) return;
      readAt = now;
      router.refresh();
    };
    const see = () => {
      seenAt = performance.now();
      if (seenAt - readAt > everyMs) read();
    };
    const timer = setInterval(read, everyMs);
    document.addEventListener("visibilitychange", see);
    for (const sign of SIGNS) addEventListener(sign, see, { passive: true });
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", see);
      for (const sign of SIGNS) removeEventListener(sign, see);
    };
  }, [everyMs, wanted, router]);
}
