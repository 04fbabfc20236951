"use client";

import { useState, type ReactNode } from "react";
import type { z } from "zod";

import {
  changedValues,
  heldValues,
  sayRefusal,
  standsAt,
  valuesOf,
  withPlainNumbers,
  type FieldSpec,
  type FieldValues,
} from "@/components/record/field-spec";
import { lookAgain, useActionForm, type ActionFormState } from "@/components/record/use-action-form";
import { useRemoteChanges } from "@/components/record/use-remote-changes";
import type { OnDemand } from "@/components/ui/on-demand";
import type { ActionResult } from "@/lib/entry/action";
import type { FieldErrors, RecordInTheWay } from "@/lib/platform/errors";
import { errorsByField } from "@/lib/platform/field-errors";

/** What an action gets, once its own schema has nothing against it. */
type Sending<T> =
  { readonly errors: FieldErrors } | { readonly send: (submissionId: string) => Promise<ActionResult<T>> };

/**
 * Checks with the action's schema before anything is sent: what it would refuse, the form says at once. Where the schema
 * could not be fetched, the action itself says it.
 */
export async function sending<Schemas, Schema extends z.ZodType, T>(
  schemas: OnDemand<Schemas>,
  choose: (schemas: Schemas) => Schema,
  input: unknown,
  action: (input: z.input<Schema>, submissionId: string) => Promise<ActionResult<T>>,
): Promise<Sending<T>> {
  const loaded = await schemas.load().catch(() => null);
  const parsed = loaded === null ? null : choose(loaded).safeParse(input);
  return parsed === null || parsed.success
    ? { send: (submissionId) => action(input as z.input<Schema>, submissionId) }
    : { errors: errorsByField(parsed.error) };
}

export type RecordFormOptions<T> = {
  fields: readonly FieldSpec[];
  /** What the fields hold at first; of a record that exists, as it is known now. */
  values: FieldValues;
  /** What `prepare` checks with: fetched when somebody begins to fill in the form. */
  schemas: OnDemand<unknown>;
  /** From all fields for a new record; for one that exists from those changed, and as what those were seen before. */
  prepare: (entered: FieldValues, changed: FieldValues, seen: FieldValues) => Promise<Sending<T>>;
  onSaved: (value: T) => void;
  /** What tells it from other forms of its page, where there are any. */
  keptAs?: string;
  /** Somebody else was there first: has `values` brought up to date. */
  onClash?: () => void;
  /** Names what keeps it from being saved, and leads there. */
  sayInTheWay?: (record: RecordInTheWay) => ReactNode;
};

export type RecordFormState = ActionFormState<FieldValues> & {
  /** Somebody goes to the form. */
  wake: () => void;
};

/** A form made of fields as data: checks with the action's schema, sends, and puts refusals where they belong. */
export function useRecordForm<T>(options: RecordFormOptions<T>): RecordFormState {
  const { fields, schemas, prepare, onSaved, onClash, sayInTheWay } = options;
  const current = heldValues(fields, options.values);
  const [seen, setSeen] = useState(current);
  const specOf = (refused: string) => fields.find((each) => standsAt(each, refused));
  const prepared = (typed: FieldValues) => {
    const entered = withPlainNumbers(fields, valuesOf(typed, options.values));
    const changed = changedValues(entered, seen);
    return prepare(entered, changed, valuesOf(seen, changed));
  };
  const state = useActionForm({
    name: options.keptAs ?? "record",
    values: current,
    seen,
    toInput: (typed) => typed,
    check: async (typed) => {
      const checked = await prepared(typed);
      return "errors" in checked ? checked.errors : null;
    },
    action: async (typed, submissionId) => {
      const sent = await prepared(typed);
      return "errors" in sent ? lookAgain(sent.errors) : sent.send(submissionId);
    },
    fieldOf: (refused) => specOf(refused)?.name,
    word: (refused, messages) => {
      const { label = refused.replaceAll("_", " "), wrong } = specOf(refused) ?? {};
      return sayRefusal(label, wrong === undefined ? messages : [wrong]);
    },
    say: ({ inTheWay }) => inTheWay && sayInTheWay?.(inTheWay),
    onRefused: ({ code }) => {
      if (code !== "conflict" || !onClash) return;
      markStale();
      onClash();
    },
    onDone: onSaved,
  });
  const { markStale } = useRemoteChanges({ form: state.form, fields, current, seen, onSeen: setSeen });
  const wake = () => void schemas.load().catch(() => null);
  return { ...state, wake };
}
