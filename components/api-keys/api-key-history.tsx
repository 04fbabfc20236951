import { Time } from "@/components/ui/time";
import type { HistoryRow } from "@/lib/audit-log/queries";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function Fact({ value }: { value: unknown }) {
  if (typeof value === "string" && INSTANT.test(value)) return <Time value={value} zone plain />;
  if (Array.isArray(value)) return <>{value.length === 0 ? "none" : value.map(String).join(", ")}</>;
  if (typeof value === "object" && value !== null) return <>{JSON.stringify(value)}</>;
  return <>{String(value)}</>;
}

/** "expiresAt" → "expires at", "apiVersion" → "API version" */
function sayName(name: string): string {
  const words = name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  return words.replace(/\bapi\b/, "API").replace(/\bips\b/, "IP addresses");
}

/** The facts that an entry carries by name; what is no record of facts has none. */
function factsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function Facts({ entry }: { entry: HistoryRow }) {
  const [before, after] = [factsOf(entry.before), factsOf(entry.after)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (names.length === 0) return null;
  return (
    <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 text-12 text-text-2 [&_dd]:wrap-anywhere [&_dt]:text-text-3">
      {names.map((name) => (
        <div key={name} className="contents">
          <dt>{sayName(name)}</dt>
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

export function ApiKeyHistory({ entries }: { entries: readonly HistoryRow[] }) {
  return (
    <section aria-labelledby="history" className="mt-8">
      <h2 id="history" className="mb-3 border-b border-line pb-2 text-16 font-semibold">
        History
      </h2>
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
