"use client";

import { useState, useTransition } from "react";
import { noAnswer } from "@/components/form/no-answer";
import { requestSignInLinkAction } from "@/lib/sign-in/actions";

export interface LinkRequest {
  /** The address that a link was asked for; null until then. */
  readonly sentTo: string | null;
  readonly problem: string | null;
  readonly busy: boolean;
  readonly ask: (email: string) => void;
  readonly startOver: () => void;
}

/** Asks for a sign-in link that leads on to `next`. */
export function useLinkRequest(next: string | null): LinkRequest {
  const [state, setState] = useState<{ sentTo: string | null; problem: string | null }>({
    sentTo: null,
    problem: null,
  });
  const [busy, startTransition] = useTransition();
  const ask = (email: string) =>
    startTransition(async () => {
      const result = await requestSignInLinkAction({ email, next: next ?? undefined }).catch(noAnswer);
      if (result?.ok) return setState({ sentTo: email, problem: null });
      const problem =
        result === null
          ? "The answer did not arrive. If no mail comes either, check your connection and try again."
          : (result.error.fields.email?.[0] ?? result.error.message);
      setState({ sentTo: null, problem });
    });
  return { ...state, busy, ask, startOver: () => setState({ sentTo: null, problem: null }) };
}
