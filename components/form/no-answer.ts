"use client";

import { unstable_isUnrecognizedActionError } from "next/navigation";

import { keepDrafts } from "@/components/form/open-drafts";
import type { ActionError } from "@/lib/entry/action";

/** An answer that says no, made in the browser. */
export interface RefusedHere {
  readonly ok: false;
  readonly error: ActionError;
}

export function refusedHere(
  code: ActionError["code"],
  message: string,
  fields: ActionError["fields"] = {},
): RefusedHere {
  return { ok: false, error: { code, message, fields } };
}

/** Said by every form alike: what it sends carries the form's own id, and is done once. */
export const NOT_ANSWERED = refusedHere(
  "outcome_unknown",
  "The answer did not arrive. Nothing you typed is lost; send it again: it is done once.",
);

/**
 * What is said when the answer of an action did not arrive: `await action(…).catch(noAnswer)`. The server of another
 * release does not know the action and has not run it. Otherwise null: it may have been done.
 */
export function noAnswer(error: unknown): RefusedHere | null {
  if (!unstable_isUnrecognizedActionError(error)) return null;
  const kept = keepDrafts() ? " What you typed is kept." : "";
  return refusedHere("updated", `The hub was updated: reload this page, then do it again.${kept}`);
}
