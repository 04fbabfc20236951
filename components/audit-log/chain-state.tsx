import { ShieldCheck } from "lucide-react";

import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { sayFault, type ChainFault } from "@/lib/audit-log/faults";
import type { ChainState as State } from "@/lib/audit-log/verifications";
import { entryNumber } from "./entry-words";

/** What follows from it for who reads the log. */
function Consequence({ kind }: { kind: ChainFault["kind"] }) {
  return kind === "unaccounted" ? (
    <>It is neither shown nor exported, and no count here holds it.</>
  ) : (
    <>Do not rely on this entry or any after it; those before it are as they were written.</>
  );
}

/** Whether the log is whole, as far as the hub itself has looked. */
export function ChainState({ state, now }: { state: State; now: string }) {
  if (state.fault !== null) {
    return (
      <Notice tone="bad" role="alert" className="mb-5">
        <p className="font-medium">{sayFault(state.fault)}.</p>
        <p>
          <Consequence kind={state.fault.kind} /> Keep the database and its backups as they are, and tell whoever runs
          this hub: <code className="font-mono text-12">npm run audit:verify</code> says the same independently, and a
          backup from before shows what stood there.
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
