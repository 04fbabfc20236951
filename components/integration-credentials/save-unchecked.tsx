"use client";

import type { SyntheticEvent } from "react";

import { Button } from "@/components/ui/button";

export interface SaveUncheckedProps {
  readonly busy: boolean;
  readonly onSave: (event: SyntheticEvent) => void;
}

/** The choice that is left where a host does not answer. */
export function SaveUnchecked({ busy, onSave }: SaveUncheckedProps) {
  return (
    <div className="grid justify-items-start gap-2 rounded-md border border-line bg-bg-subtle p-4">
      <p>It is checked by itself later on, and says then whether it works.</p>
      <Button busy={busy} onClick={onSave}>
        Save without checking
      </Button>
    </div>
  );
}
