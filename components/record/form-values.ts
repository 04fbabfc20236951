import type { FieldPath, FieldPathValue, FieldValues, UseFormReturn } from "react-hook-form";

import type { Changes } from "@/components/form/draft";
import type { FieldErrors } from "@/lib/platform/errors";

const CHANGED_SINCE = "Somebody changed this since you typed. Saving puts yours in its place.";

export interface ErrorPlaces {
  /** The field at which a refused part of the input stands; that of its own name, if not said. */
  readonly fieldOf: (path: string) => string | undefined;
  /** How it is worded; the messages themselves, if not said. */
  readonly word: (path: string, messages: readonly string[]) => string;
}

interface PlacedErrors {
  /** What is said, by field, in the order in which they stand. */
  readonly at: readonly (readonly [field: string, message: string])[];
  /** What is said of no field of the form. */
  readonly elsewhere: readonly string[];
}

/** Where each refusal stands: at its field, or beside the sentence of the whole where the form has none of it. */
export function placeErrors(errors: FieldErrors, names: readonly string[], places: Partial<ErrorPlaces>): PlacedErrors {
  const fieldOf = places.fieldOf ?? ((path: string) => names.find((name) => name === path.split(".")[0]));
  const word = places.word ?? ((_: string, messages: readonly string[]) => messages.join(" "));
  const at = new Map<string, string>();
  const elsewhere: string[] = [];
  for (const [path, messages] of Object.entries(errors)) {
    const field = fieldOf(path);
    if (field === undefined) elsewhere.push(word(path, messages));
    else if (!at.has(field)) at.set(field, word(path, messages));
  }
  const inOrder = [...at].sort(([one], [other]) => names.indexOf(one) - names.indexOf(other));
  return { at: inOrder, elsewhere };
}

function isOther(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}

/** What of `values` is not as it was. */
export function changesOf(values: FieldValues, seen: FieldValues): Changes {
  const changed = Object.keys(values).filter((name) => isOther(values[name], seen[name]));
  return Object.fromEntries(changed.map((name) => [name, { was: seen[name] as unknown, is: values[name] as unknown }]));
}

/** Puts back what fits the form as it is now: a later release may have another one, and the record may have gone on. */
export function restoreChanges<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  changes: Changes,
  seen: Values,
): void {
  for (const [name, { was, is }] of Object.entries(changes)) {
    const field = name as FieldPath<Values>;
    if (kindOf(is) !== kindOf(seen[name]) || !isOther(is, seen[name])) continue;
    form.setValue(field, is as FieldPathValue<Values, FieldPath<Values>>);
    if (isOther(was, seen[name])) form.setError(field, { message: CHANGED_SINCE });
  }
}
