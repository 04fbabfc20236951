"use client";

import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";

export default function SpaceErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <ErrorState level={1} title="This page could not be shown" reference={error.digest} action={<Button onClick={reset}>Try again</Button>}>
      Nothing was changed or lost. It may be over in a moment; if it is not, tell support the reference.
    </ErrorState>
  );
}
