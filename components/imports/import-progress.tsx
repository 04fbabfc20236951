"use client";

import { useLivePage } from "@/components/ui/use-live-page";
import type { ImportPage } from "@/lib/imports/queries";
import { countOf } from "./record-words";

const LOOK_EVERY_MS = 2000;

/** How far it is; looks again by itself while it runs and the page is in view. */
export function ImportProgress({ found }: { found: ImportPage }) {
  const { record, status, rowCount, addedCount, refusedCount } = found;
  const isRunning = status === "running";
  useLivePage(LOOK_EVERY_MS, isRunning);
  const worked = addedCount + refusedCount;
  const said = `${countOf(addedCount, record)} added, ${refusedCount.toLocaleString("en-US")} refused`;
  return (
    <div className="grid max-w-[720px] gap-1.5">
      <div className="h-2 overflow-hidden rounded-sm bg-bg-hover">
        <div
          role="progressbar"
          aria-label="Rows worked"
          aria-valuemin={0}
          aria-valuemax={rowCount}
          aria-valuenow={worked}
          className="h-full bg-accent transition-[width]"
          style={{ width: `${(worked / rowCount) * 100}%` }}
        />
      </div>
      <p role="status" className="text-text-2">
        {isRunning
          ? `${worked.toLocaleString("en-US")} of ${rowCount.toLocaleString("en-US")} rows worked: ${said}. It goes on when you leave this page.`
          : `${said}.`}
      </p>
    </div>
  );
}
