"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";

import { noAnswer } from "@/components/form/no-answer";
import { forgetDrafts } from "@/components/form/open-drafts";
import { Button } from "@/components/ui/button";
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog";
import { toast } from "@/components/ui/toaster";
import { endAllSessionsAction, endOtherSessionsAction } from "@/lib/sign-in/actions";

const WAYS = {
  others: {
    label: "Sign out everywhere else",
    consequence:
      "Every other browser you are signed in with loses access at its next request. You stay signed in here.",
  },
  all: {
    label: "Sign out everywhere",
    consequence:
      "Every browser you are signed in with, this one too, loses access at its next request. A new sign-in link brings you back.",
  },
} as const;

type Way = keyof typeof WAYS;

/** For the day on which a device was lost. */
export function EndManySessions({ others }: { others: boolean }) {
  const router = useRouter();
  const [way, setWay] = useState<Way | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const open = (chosen: Way) => {
    setError(null);
    setWay(chosen);
  };
  const perform = async (chosen: Way) => {
    setBusy(true);
    const answer = await (chosen === "all" ? endAllSessionsAction({}) : endOtherSessionsAction({})).catch(noAnswer);
    setBusy(false);
    if (!answer?.ok)
      return setError(
        answer?.error.message ?? "The answer did not arrive. Reload the page to see whether it was done.",
      );
    // Not by the router, which would keep pages of the session that has ended.
    if (chosen === "all") {
      forgetDrafts();
      return window.location.assign("/sign-in?signed-out=1");
    }
    const { ended } = answer.value;
    toast({
      title: "Signed out everywhere else",
      description: ended === 1 ? "1 session ended." : `${ended} sessions ended.`,
    });
    setWay(null);
    router.refresh();
  };
  return (
    <div className="mt-6 flex flex-wrap gap-2 max-sm:flex-col">
      {others && <Button onClick={() => open("others")}>{WAYS.others.label}</Button>}
      <Button onClick={() => open("all")}>{WAYS.all.label}</Button>
      {way !== null && (
        <LazyConfirmDialog
          open
          title={`${WAYS[way].label}?`}
          consequence={WAYS[way].consequence}
          confirmLabel={WAYS[way].label}
          cancelLabel="Cancel"
          busy={busy}
          error={error}
          onConfirm={() => void perform(way)}
          onClose={() => setWay(null)}
        />
      )}
    </div>
  );
}
