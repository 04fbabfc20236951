"use client";

import { useEffect, useRef, useState } from "react";
import type { UseFormReturn } from "react-hook-form";

import { sayValue, type FieldSpec, type FieldValues } from "@/components/record/field-spec";

export type RemoteChangesOptions = {
  form: UseFormReturn<FieldValues>;
  fields: readonly FieldSpec[];
  current: FieldValues;
  /** What the fields held before anything was entered, as far as the form knows. */
  seen: FieldValues;
  onSeen: (seen: FieldValues) => void;
};

/**
 * Brings a form up to date with its record once somebody else has changed that: a field that was not touched shows what
 * it holds now, one that was keeps what was entered and says what it would replace.
 */
export function useRemoteChanges({ form, fields, current, seen, onSeen }: RemoteChangesOptions) {
  const [isStale, setStale] = useState(false);
  const shown = useRef(seen);
  if (isStale && fields.some(({ name }) => current[name] !== seen[name])) {
    setStale(false);
    onSeen(current);
  }
  useEffect(() => {
    const before = shown.current;
    shown.current = seen;
    for (const spec of fields) {
      const [was, is] = [before[spec.name], seen[spec.name]];
      if (was === is || is === undefined) continue;
      const entered = form.getValues(spec.name);
      if (entered === was) form.setValue(spec.name, is);
      else if (entered !== is) form.setError(spec.name, { message: sayMeanwhile(spec, is) });
    }
  }, [form, fields, seen]);
  /** Somebody else has changed the record: with the next values that come, the form catches up. */
  return { markStale: () => setStale(true) };
}

function sayMeanwhile(spec: FieldSpec, value: string | boolean): string {
  return `Somebody else changed it to ${sayValue(spec, value)} meanwhile. Saving again puts yours in its place.`;
}
