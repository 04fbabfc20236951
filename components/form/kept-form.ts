"use client";

import { useEffect, useEffectEvent } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";

/** Longer than anybody takes to reload a page; after that, what it says of the record is old. */
const KEPT_MS = 15 * 60_000;
const PREFIX = "fleet-advisor-hub.kept.";

/** The forms that stand on the page, and what each holds. */
const open = new Map<string, () => unknown>();

/** Puts what open forms hold aside for their page's next load, in this tab alone. True when there was anything to keep. */
export function keepForms(): boolean {
  try {
    for (const [slot, read] of open) sessionStorage.setItem(slot, JSON.stringify({ at: Date.now(), values: read() }));
    return open.size > 0;
  } catch {
    // A browser that keeps nothing says so.
    return false;
  }
}

/** Taken once: whoever opens the same form another time begins anew. */
function takeKept(slot: string): object {
  try {
    const { at, values } = JSON.parse(sessionStorage.getItem(slot) ?? "{}") as { at?: number; values?: object };
    sessionStorage.removeItem(slot);
    return at !== undefined && Date.now() - at < KEPT_MS ? (values ?? {}) : {};
  } catch {
    return {};
  }
}

/**
 * What survives an upgrade of the hub: what somebody chose or typed when the page turns out to be of another release is
 * there again after the reload.
 * @param name what it is called on its page
 * @param restore gets what `read` gave, as the browser kept it: of another release, or mended by hand
 */
export function useKept<Kept extends object>(
  name: string,
  read: () => Kept,
  restore: (kept: Partial<Kept>) => void,
): void {
  const readNow = useEffectEvent(read);
  const restoreNow = useEffectEvent(restore);
  useEffect(() => {
    const slot = `${PREFIX}${location.pathname} ${name}`;
    const kept = takeKept(slot);
    if (Object.keys(kept).length > 0) restoreNow(kept);
    open.set(slot, () => readNow());
    return () => {
      open.delete(slot);
    };
  }, [name]);
}

/**
 * The same of a form.
 * @param leaveOut secrets, and what a person could not see again: such a field begins anew
 */
export function useKeptForm<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  name: string,
  leaveOut: readonly string[] = [],
): void {
  const mine = (values: object): object =>
    Object.fromEntries(
      Object.entries(values).filter(([field]) => field in form.getValues() && !leaveOut.includes(field)),
    );
  useKept(
    name,
    () => mine(form.getValues()),
    // The values that the record has stay what a change is told from.
    (kept) => form.reset({ ...form.getValues(), ...mine(kept) }, { keepDefaultValues: true }),
  );
}
