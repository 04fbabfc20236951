import { ShieldCheck } from "lucide-react";

import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import type { ChainFault } from "@/lib/audit-log/queries";
import type { ChainState as State } from "@/lib/audit-log/verifications";
import { entryNumber } from "./entry-words";

const FAULTS: Readonly<Record<ChainFault["kind"], (number: string) => string>> = {
  changed: (number) => `Entry ${number} is not as it was written`,
  missing: (number) => `Entry ${number} is missing`,
  cut: (number) => `The log ends too early: entry ${number} and what came after it are missing`,
  unaccounted: (number) => `Entry ${number} was not written by the hub`,
};

/** Whether the log is whole, as far as the hub itself has looked. */
export function ChainState({ state, now }: { state: State; now: string }) {
  if (state.fault !== null) {
    return (
      <Notice tone="bad" role="alert" className="mb-5">
        <p className="font-medium">{FAULTS[state.fault.kind](entryNumber(state.fault.sequence))}.</p>
        <p>
          Do not rely on this entry or any after it; those before it are as they were written. Keep the database and its
          backups as they are, and tell whoever runs this hub:{" "}
          <code className="font-mono text-12">npm run audit:verify</code> says the same independently, and a backup from
          before shows what stood there.
        </p>
      </Notice>
    );
  }
  if (state.verifiedAt === null) {
    return <p className="mb-5 text-text-2">Not verified yet. The hub checks this log by itself every few minutes.</p>;
  }
  return (
    <p className="mb-5 flex items-start gap-2 text-text-2">
      <ShieldCheck aria-hidden size={16} strokeWidth={1.75} className="mt-0.5 shrink-0 text-ok" />
      <span>
        Verified up to entry {entryNumber(state.verifiedTo)},{" "}
        <Time value={state.verifiedAt} style="relative" now={now} />
      </span>
    </p>
  );
}
