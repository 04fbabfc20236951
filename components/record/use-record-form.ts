"use client";

import { useState, type ReactNode } from "react";
import { useForm, type UseFormReturn } from "react-hook-form";
import type { z } from "zod";

import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { newSubmissionId } from "@/components/form/submission-id";
import {
  changedValues,
  sayRefusal,
  standsAt,
  valuesOf,
  withPlainNumbers,
  type FieldSpec,
  type FieldValues,
} from "@/components/record/field-spec";
import { useRemoteChanges } from "@/components/record/use-remote-changes";
import type { OnDemand } from "@/components/ui/on-demand";
import type { ActionResult } from "@/lib/entry/action";
import type { FieldErrors, RecordInTheWay } from "@/lib/platform/errors";

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
    : { errors: errorsOf(parsed.error) };
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

export type RecordFormState = {
  form: UseFormReturn<FieldValues>;
  submit: () => void;
  /** Somebody goes to the form. */
  wake: () => void;
  /** What kept it from being saved, beside what stands at the fields. */
  refusal: ReactNode;
  busy: boolean;
};

const LOOK_AGAIN = "Some fields need another look. Nothing was saved.";
const NO_ANSWER = "The answer did not arrive. Nothing you entered is lost; press Save again.";

function errorsOf(error: z.ZodError): FieldErrors {
  const errors: Record<string, string[]> = {};
  for (const issue of error.issues) (errors[issue.path.join(".")] ??= []).push(issue.message);
  return errors;
}

/** A form made of fields as data: checks with the action's schema, sends, and puts refusals where they belong. */
export function useRecordForm<T>(options: RecordFormOptions<T>): RecordFormState {
  const { fields, schemas, prepare, onSaved, onClash, sayInTheWay } = options;
  const [refusal, setRefusal] = useState<ReactNode>(null);
  const [saved, setSaved] = useState(false);
  // The same however often it is sent: an answer that was lost does not make two of it.
  const [submissionId] = useState(newSubmissionId);
  const form = useForm<FieldValues>({ defaultValues: options.values });
  // What was picked is kept by its field, with the name that it is shown by.
  const picked = fields.filter(({ kind }) => kind === "record").map(({ name }) => name);
  useKeptForm(form, options.keptAs ?? "record", picked);
  const { seen, markStale } = useRemoteChanges(form, fields, options.values);

  const refuse = (errors: FieldErrors, message: string) => {
    const elsewhere: string[] = [];
    let isFirst = true;
    for (const [refused, messages] of Object.entries(errors)) {
      const spec = fields.find((each) => standsAt(each, refused));
      if (spec === undefined) elsewhere.push(sayRefusal(refused.replaceAll("_", " "), messages));
      else {
        const words = spec.wrong === undefined ? messages : [spec.wrong];
        form.setError(spec.name, { message: sayRefusal(spec.label, words) }, { shouldFocus: isFirst });
      }
      if (spec !== undefined) isFirst = false;
    }
    setRefusal([message, ...elsewhere].join(" "));
  };

  const check = async (typed: FieldValues) => {
    setRefusal(null);
    const entered = withPlainNumbers(fields, typed);
    const changed = changedValues(entered, seen);
    const prepared = await prepare(entered, changed, valuesOf(seen, changed));
    if ("errors" in prepared) refuse(prepared.errors, LOOK_AGAIN);
    return prepared;
  };

  const send = async (typed: FieldValues) => {
    const prepared = await check(typed);
    if ("errors" in prepared) return;
    const answer = await prepared.send(submissionId).catch(noAnswer);
    if (answer === null) return setRefusal(NO_ANSWER);
    if (!answer.ok) {
      const { code, fields: refused, message, inTheWay } = answer.error;
      refuse(refused, message);
      if (code === "conflict" && onClash) {
        markStale();
        onClash();
      }
      if (inTheWay && sayInTheWay) setRefusal(sayInTheWay(inTheWay));
      return;
    }
    setSaved(true);
    onSaved(answer.value);
  };
  // What is blank and what is wrong is said together, not one after the other.
  const submit = form.handleSubmit(send, async () => void (await check(form.getValues())));
  const wake = () => void schemas.load().catch(() => null);
  return { form, submit: () => void submit(), wake, refusal, busy: form.formState.isSubmitting || saved };
}
