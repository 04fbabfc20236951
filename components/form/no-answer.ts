"use client";

import { unstable_isUnrecognizedActionError } from "next/navigation";

import { keepForms } from "@/components/form/kept-form";
import type { ActionError } from "@/lib/entry/action";

/**
 * What a form says when the answer of its action did not arrive: `await action(…).catch(noAnswer)`. The server of another
 * release does not know the action and has not run it. Otherwise null: it may have been done, and each form says what
 * that means for it.
 */
export function noAnswer(error: unknown): { readonly ok: false; readonly error: ActionError } | null {
  if (!unstable_isUnrecognizedActionError(error)) return null;
  const kept = keepForms() ? " What you typed is kept." : "";
  const message = `The hub was updated: reload this page, then do it again.${kept}`;
  return { ok: false, error: { code: "updated", message, fields: {} } };
}
