"use client";

import { useEffect, useEffectEvent, useState, type ReactNode, type SyntheticEvent } from "react";
import { useForm, type DefaultValues, type FieldPath, type FieldValues, type UseFormReturn } from "react-hook-form";
import type { z } from "zod";

import { useDraft } from "@/components/form/draft";
import type { Refusal } from "@/components/form/form-refusal";
import { useLeaving, type Leaving } from "@/components/form/leaving";
import { noAnswer, NOT_ANSWERED, refusedHere } from "@/components/form/no-answer";
import { changesOf, placeErrors, restoreChanges, type ErrorPlaces } from "@/components/record/form-values";
import type { ActionError, ActionResult } from "@/lib/entry/action";
import type { FieldErrors } from "@/lib/platform/errors";
import { errorsByField } from "@/lib/platform/field-errors";

export interface ActionFormOptions<Values extends FieldValues, Input, T> extends Partial<ErrorPlaces> {
  /** What the form is called where it stands. */
  readonly name: string;
  /** Where it is the same form; its page, if not said. */
  readonly where?: string;
  /** What its fields hold at first, in the order in which they stand. */
  readonly values: Values;
  /** What they held before anything was typed, where the record goes on beneath the form; `values`, if not said. */
  readonly seen?: Values;
  /** What the action gets of them. */
  readonly toInput: (values: Values, submissionId: string) => Input;
  /** Checks it before anything is sent: what the action would refuse, the form says at once. */
  readonly schema?: z.ZodType;
  /** The same of what no schema at hand says; asked where a field is blank, too, so that all is said together. */
  readonly check?: (values: Values) => Promise<FieldErrors | null>;
  readonly action: (input: Input, submissionId: string) => Promise<ActionResult<T>>;
  /** What is said of a refusal instead of its own sentence. */
  readonly say?: (error: ActionError) => ReactNode;
  readonly onRefused?: (error: ActionError) => void;
  readonly onDone: (value: T, values: Values) => void;
}

export interface ActionFormState<Values extends FieldValues> {
  readonly form: UseFormReturn<Values>;
  readonly submit: (event: SyntheticEvent) => void;
  readonly refusal: Refusal | null;
  /** It is being sent, or is done and gives way to what comes next. */
  readonly busy: boolean;
  readonly leaving: Leaving;
  /** Somebody has decided to leave: nothing of it stays. */
  readonly discard: () => void;
}

/** What of a form's state the frame around its fields needs. */
export type FrameState = Omit<ActionFormState<FieldValues>, "form">;

export function lookAgain(fields: FieldErrors): ActionResult<never> {
  return refusedHere("invalid_input", "Some fields need another look. Nothing was saved.", fields);
}

type TypedFormOptions<Values extends FieldValues> = Pick<
  ActionFormOptions<Values, never, never>,
  "name" | "where" | "values" | "seen"
>;

/** The form of one sitting: what is typed in it, what of that is kept, and what is asked before it is left. */
function useTypedForm<Values extends FieldValues>(options: TypedFormOptions<Values>) {
  const [initial] = useState(options.values);
  const { name, where, seen = initial } = options;
  const form = useForm<Values>({ defaultValues: initial as DefaultValues<Values> });
  const draft = useDraft({
    name,
    where,
    read: () => changesOf(form.getValues(), seen),
    restore: (changes) => restoreChanges(form, changes, seen),
  });
  const keep = useEffectEvent(draft.keep);
  useEffect(() => form.subscribe({ formState: { values: true }, callback: () => keep() }), [form]);
  return { form, draft, leaving: useLeaving(draft) };
}

/** A form that acts: checks what was typed, sends it, says what was refused and where, and loses nothing. */
export function useActionForm<Values extends FieldValues, Input, T>(
  options: ActionFormOptions<Values, Input, T>,
): ActionFormState<Values> {
  const { values, toInput, schema, action, onDone } = options;
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isDone, setDone] = useState(false);
  const { form, draft, leaving } = useTypedForm<Values>(options);

  const refuse = (error: ActionError) => {
    const { at, elsewhere } = placeErrors(error.fields, Object.keys(values), options);
    // From the last to the first, which then has the focus.
    for (const [field, message] of at.toReversed())
      form.setError(field as FieldPath<Values>, { message }, { shouldFocus: true });
    if (error.code === "fresh_sign_in_required") draft.offer();
    setRefusal({ code: error.code, said: options.say?.(error) ?? [error.message, ...elsewhere].join(" ") });
    options.onRefused?.(error);
  };
  const wrongWith = async (entered: Values): Promise<FieldErrors | null> => {
    setRefusal(null);
    const checked = schema?.safeParse(toInput(entered, draft.submissionId()));
    return checked?.success === false ? errorsByField(checked.error) : ((await options.check?.(entered)) ?? null);
  };
  const ask = async (entered: Values): Promise<ActionResult<T>> => {
    const wrong = await wrongWith(entered);
    if (wrong !== null) return lookAgain(wrong);
    const submissionId = draft.submissionId();
    return (await action(toInput(entered, submissionId), submissionId).catch(noAnswer)) ?? NOT_ANSWERED;
  };
  const send = async (entered: Values) => {
    const answer = await ask(entered);
    if (!answer.ok) return refuse(answer.error);
    draft.drop();
    setDone(true);
    onDone(answer.value, entered);
  };
  // What is blank and what is wrong is said together, not one after the other.
  const refuseBlanks = async () => {
    const answer = lookAgain((await wrongWith(form.getValues())) ?? {});
    if (!answer.ok) refuse(answer.error);
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    void form.handleSubmit(send, refuseBlanks)();
  };
  return { form, submit, refusal, busy: form.formState.isSubmitting || isDone, leaving, discard: draft.drop };
}
