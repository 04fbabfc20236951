import type { Refusal } from "@/components/form/form-refusal";
import { noAnswer } from "@/components/form/no-answer";
import type { ToastInput } from "@/components/ui/toast-store";
import type { ActionResult } from "@/lib/entry/action";

/** What came of a confirmed act, as the person hears of it. */
export type Outcome =
  { /** Null where what comes next says it. */ readonly toast: ToastInput | null } | { readonly refused: Refusal };

/** Waits for an act that takes only its record, and says what came of it. */
export async function outcomeOf<T>(
  answering: Promise<ActionResult<T>>,
  done: (value: T) => ToastInput | null,
): Promise<Outcome> {
  const answer = await answering.catch(noAnswer);
  if (answer === null) {
    const said = "The answer did not arrive. Reload the page to see whether it was done; trying again does no harm.";
    return { refused: { code: "outcome_unknown", said } };
  }
  if (answer.ok) return { toast: done(answer.value) };
  return { refused: { code: answer.error.code, said: answer.error.message } };
}

/** What heads a notice of an act that was not done, or of which nobody knows. */
export function sayNotDone(answer: ActionResult<unknown> | null, notDone: string): string {
  const code = answer === null || answer.ok ? null : answer.error.code;
  return code === null || code === "outcome_unknown" || code === "unexpected"
    ? "It is not known whether this was done"
    : notDone;
}
