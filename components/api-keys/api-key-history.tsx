import Link from "next/link";

import { Fact, factsOf, sayFactName } from "@/components/audit-log/fact";
import { Time } from "@/components/ui/time";
import type { HistoryRow } from "@/lib/audit-log/queries";

function Facts({ entry }: { entry: HistoryRow }) {
  const [before, after] = [factsOf(entry.before), factsOf(entry.after)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (names.length === 0) return null;
  return (
    <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 text-12 text-text-2 [&_dd]:wrap-anywhere [&_dt]:text-text-3">
      {names.map((name) => (
        <div key={name} className="contents">
          <dt>{sayFactName(name)}</dt>
          <dd>
            {name in before && (
              <>
                <Fact value={before[name]} /> →{" "}
              </>
            )}
            {name in after ? <Fact value={after[name]} /> : "none"}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export interface ApiKeyHistoryProps {
  readonly entries: readonly HistoryRow[];
  /** The audit log, filtered by this key. */
  readonly logHref: string;
}

export function ApiKeyHistory({ entries, logHref }: ApiKeyHistoryProps) {
  return (
    <section aria-labelledby="history" className="mt-8">
      <div className="mb-3 flex items-baseline justify-between gap-4 border-b border-line pb-2">
        <h2 id="history" className="text-16 font-semibold">
          History
        </h2>
        <Link href={logHref} className="text-accent hover:underline">
          All entries of this key
        </Link>
      </div>
      {entries.length === 0 ? (
        <p className="text-text-2">Nothing has been recorded of this key yet.</p>
      ) : (
        <ol className="grid gap-3">
          {entries.map((entry) => (
            <li key={entry.sequence} className="grid gap-x-6 sm:grid-cols-[200px_minmax(0,1fr)]">
              <span className="text-text-3">
                <Time value={entry.occurredAt} zone />
              </span>
              <div>
                <span className="font-medium">{entry.actorName}</span> {entry.says}
                {entry.ip !== null && <span className="text-text-3"> from {entry.ip}</span>}
                <Facts entry={entry} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
