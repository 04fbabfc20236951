"use client";

import { useState, type ReactNode } from "react";
import { useForm, type UseFormReturn } from "react-hook-form";
import type { z } from "zod";

import { newSubmissionId } from "@/components/form/submission-id";
import { changedValues, sayRefusal, standsAt, type FieldSpec, type FieldValues } from "@/components/record/field-spec";
import type { ActionResult } from "@/lib/auth/define-action";
import type { FieldErrors, RecordInTheWay } from "@/lib/platform/errors";

/** What an action gets, once its own schema has nothing against it. */
type Sending<T> =
  { readonly errors: FieldErrors } | { readonly send: (submissionId: string) => Promise<ActionResult<T>> };

/** Checks with the action's schema before anything is sent: what it would refuse, the form says at once. */
export function sending<Schema extends z.ZodType, T>(
  schema: Schema,
  input: unknown,
  action: (input: z.input<Schema>, submissionId: string) => Promise<ActionResult<T>>,
): Sending<T> {
  const parsed = schema.safeParse(input);
  return parsed.success
    ? { send: (submissionId) => action(input as z.input<Schema>, submissionId) }
    : { errors: errorsOf(parsed.error) };
}

export type RecordFormOptions<T> = {
  fields: readonly FieldSpec[];
  /** What the fields hold at first. */
  values: FieldValues;
  /** From all fields for a new record, from those changed for one that exists. */
  prepare: (entered: FieldValues, changed: FieldValues) => Sending<T>;
  onSaved: (value: T) => void;
  /** Names what keeps it from being saved, and leads there. */
  sayInTheWay?: (record: RecordInTheWay) => ReactNode;
};

export type RecordFormState = {
  form: UseFormReturn<FieldValues>;
  submit: () => void;
  /** What kept it from being saved, beside what stands at the fields. */
  refusal: ReactNode;
  busy: boolean;
};

const NO_ANSWER = "The answer did not arrive. Nothing you entered is lost; press Save again.";

function errorsOf(error: z.ZodError): FieldErrors {
  const errors: Record<string, string[]> = {};
  for (const issue of error.issues) (errors[issue.path.join(".")] ??= []).push(issue.message);
  return errors;
}

/** A form made of fields as data: checks with the action's schema, sends, and puts refusals where they belong. */
export function useRecordForm<T>(options: RecordFormOptions<T>): RecordFormState {
  const { fields, prepare, onSaved, sayInTheWay } = options;
  const [refusal, setRefusal] = useState<ReactNode>(null);
  const [values] = useState(options.values);
  const [saved, setSaved] = useState(false);
  // The same however often it is sent: an answer that was lost does not make two of it.
  const [submissionId] = useState(newSubmissionId);
  const form = useForm<FieldValues>({ defaultValues: values });

  const refuse = (errors: FieldErrors, message: string) => {
    const elsewhere: string[] = [];
    let isFirst = true;
    for (const [refused, messages] of Object.entries(errors)) {
      const spec = fields.find((each) => standsAt(each, refused));
      if (spec === undefined) elsewhere.push(sayRefusal(refused.replaceAll("_", " "), messages));
      else form.setError(spec.name, { message: sayRefusal(spec.label, messages) }, { shouldFocus: isFirst });
      if (spec !== undefined) isFirst = false;
    }
    setRefusal([message, ...elsewhere].join(" "));
  };

  const submit = form.handleSubmit(async (entered) => {
    setRefusal(null);
    const prepared = prepare(entered, changedValues(entered, values));
    if ("errors" in prepared) return refuse(prepared.errors, "Some fields need another look. Nothing was saved.");
    const answer = await prepared.send(submissionId).catch(() => null);
    if (answer === null) return setRefusal(NO_ANSWER);
    if (!answer.ok) {
      const { fields: refused, message, inTheWay } = answer.error;
      refuse(refused, message);
      if (inTheWay && sayInTheWay) setRefusal(sayInTheWay(inTheWay));
      return;
    }
    setSaved(true);
    onSaved(answer.value);
  });
  return { form, submit: () => void submit(), refusal, busy: form.formState.isSubmitting || saved };
}
