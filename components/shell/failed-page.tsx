"use client";

import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";

export type FailedPageProps = { error: Error & { digest?: string }; reset: () => void };

/** What stands in place of a page that could not be shown. */
export function FailedPage({ error, reset }: FailedPageProps) {
  return (
    <ErrorState
      level={1}
      title="This page could not be shown"
      reference={error.digest}
      action={<Button onClick={reset}>Try again</Button>}
    >
      It may be over in a moment; if it is not, tell support the reference. If you were saving something just now, look
      whether it is there once the page is back.
    </ErrorState>
  );
}
