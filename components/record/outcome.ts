import { noAnswer } from "@/components/form/no-answer";
import type { ToastInput } from "@/components/ui/toast-store";
import type { ActionResult } from "@/lib/entry/action";

/** What came of a confirmed act, as the person hears of it. */
export type Outcome =
  | { /** Null where what comes next says it. */ readonly toast: ToastInput | null }
  | { readonly refused: string; /** It is only done shortly after a sign-in. */ readonly isStale: boolean };

/** Waits for an act that takes only its record, and says what came of it. */
export async function outcomeOf<T>(
  answering: Promise<ActionResult<T>>,
  done: (value: T) => ToastInput | null,
): Promise<Outcome> {
  const answer = await answering.catch(noAnswer);
  if (answer === null) {
    return {
      refused: "The answer did not arrive. Reload the page to see whether it was done; trying again does no harm.",
      isStale: false,
    };
  }
  if (answer.ok) return { toast: done(answer.value) };
  return { refused: answer.error.message, isStale: answer.error.code === "fresh_sign_in_required" };
}

/** What heads a notice of an act that was not done, or of which nobody knows. */
export function sayNotDone(answer: ActionResult<unknown> | null, notDone: string): string {
  const code = answer === null || answer.ok ? null : answer.error.code;
  return code === null || code === "outcome_unknown" || code === "unexpected"
    ? "It is not known whether this was done"
    : notDone;
}
