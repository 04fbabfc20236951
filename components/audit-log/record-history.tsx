import { RecordSection, SectionLink } from "@/components/record/record-section";
import { Time } from "@/components/ui/time";
import type { HistoryRow } from "@/lib/audit-log/queries";
import { Fact, factsOf, sayFactName } from "./fact";

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
                <Fact name={name} value={before[name]} /> →{" "}
              </>
            )}
            {name in after ? <Fact name={name} value={after[name]} /> : "none"}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export interface RecordHistoryProps {
  readonly entries: readonly HistoryRow[];
  /** The audit log, filtered by this record. */
  readonly logHref: string;
  /** What the record is: "key". */
  readonly noun: string;
}

export function RecordHistory({ entries, logHref, noun }: RecordHistoryProps) {
  return (
    <RecordSection
      id="history"
      title="History"
      className="mt-8"
      aside={<SectionLink href={logHref}>All entries of this {noun}</SectionLink>}
    >
      {entries.length === 0 ? (
        <p className="text-text-2">Nothing has been recorded of this {noun} yet.</p>
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
    </RecordSection>
  );
}
