"use client";

import { RotateCw } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";

const RedeliverFailedDialog = lazyDialog(() =>
  import("./redeliver-failed-dialog").then((module) => module.RedeliverFailedDialog),
);

export interface RedeliverFailedProps {
  readonly accountToken: string;
  readonly webhookId: number;
  /** The database's clock, from which periods are counted. */
  readonly now: string;
}

export function RedeliverFailed(props: RedeliverFailedProps) {
  const [openedAt, setOpenedAt] = useState<string | null>(null);
  return (
    <>
      <Button
        icon={<RotateCw aria-hidden size={16} strokeWidth={1.75} />}
        className="-my-1.5"
        onClick={() => setOpenedAt(props.now)}
      >
        Redeliver failed
      </Button>
      {openedAt !== null && <RedeliverFailedDialog {...props} now={openedAt} onClose={() => setOpenedAt(null)} />}
    </>
  );
}
