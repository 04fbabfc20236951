"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";

import { noAnswer } from "@/components/form/no-answer";
import { forgetDrafts } from "@/components/form/open-drafts";
import { sayNotDone } from "@/components/record/outcome";
import { SIGN_OUT_PATH } from "@/components/sign-in/sign-out-path";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import { endSessionAction } from "@/lib/sign-in/actions";
import type { SessionRow } from "@/lib/sign-in/queries";

/** Ends one session; one's own by the way that takes its cookie along. */
export function EndSession({ session }: { session: SessionRow }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const label = session.isThis ? "Sign out here" : `Sign out ${session.device}, ${session.ip ?? "address unknown"}`;
  if (session.isThis) {
    return (
      <form method="post" action={SIGN_OUT_PATH} onSubmit={forgetDrafts}>
        <Button type="submit" aria-label={label}>
          Sign out
        </Button>
      </form>
    );
  }
  const end = async () => {
    setBusy(true);
    const answer = await endSessionAction({ id: session.id }).catch(noAnswer);
    setBusy(false);
    if (answer?.ok) toast({ title: `Signed out: ${session.device}`, description: "Its next request is refused." });
    else
      toast({
        tone: "bad",
        title: sayNotDone(answer, "Nobody was signed out"),
        description:
          answer?.error.message ??
          "The answer did not arrive. The list shows who is signed in; trying again does no harm.",
      });
    router.refresh();
  };
  return (
    <Button busy={busy} aria-label={label} onClick={() => void end()}>
      Sign out
    </Button>
  );
}
