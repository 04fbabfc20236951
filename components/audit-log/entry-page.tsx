import type { ReactNode } from "react";

import { PageHead } from "@/components/shell/page-head";
import { ButtonLink } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { EntryDetails } from "@/lib/audit-log/entries";
import { nounOf } from "@/lib/audit-log/events";
import { capitalised } from "@/lib/platform/name-cases";
import { actorValue, entryNumber, recordHref, recordNamed, wordsOfActor } from "./entry-words";
import { Fact, factsOf, sayFactName } from "./fact";

interface EntryPageProps {
  readonly accountToken: string;
  readonly entry: EntryDetails;
}

const HEADING = "mb-3 border-b border-line pb-2 text-16 font-semibold";
const LIST =
  "grid grid-cols-[minmax(96px,auto)_minmax(0,1fr)] gap-x-6 gap-y-2.5 [&_dt]:text-text-3 [&_dd]:wrap-anywhere";
const TARGET = "min-h-6 w-fit items-center hover:underline pointer-coarse:min-h-11";
const LINK = `flex text-12 text-accent ${TARGET}`;

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="mt-8">
      <h2 id={id} className={HEADING}>
        {title}
      </h2>
      {children}
    </section>
  );
}

/** One entry: everything that was written, and what it was before and after. */
export function EntryPage({ accountToken, entry }: EntryPageProps) {
  const logHref = `/${accountToken}/audit-log`;
  const name = recordNamed(entry);
  return (
    <>
      <nav aria-label="Breadcrumb" className="mb-2">
        <Link
          href={logHref}
          className="text-text-2 hover:text-text max-sm:inline-flex max-sm:min-h-11 max-sm:items-center"
        >
          ← Audit log
        </Link>
      </nav>
      <PageHead
        title={name === null ? capitalised(entry.says) : `${capitalised(entry.says)} ${name}`}
        purpose={`Entry ${entryNumber(entry.sequence)}`}
        action={
          <>
            {entry.hasOlder && <ButtonLink href={`${logHref}/${entry.sequence - 1}`}>Older entry</ButtonLink>}
            {entry.hasNewer && <ButtonLink href={`${logHref}/${entry.sequence + 1}`}>Newer entry</ButtonLink>}
          </>
        }
      />
      <Facts accountToken={accountToken} entry={entry} />
      <Section id="change" title="Before and after">
        <Change entry={entry} />
      </Section>
      <Section id="chain" title="Place in the chain">
        <dl className={`${LIST} [&_dd]:font-mono [&_dd]:text-12`}>
          <dt>Hash</dt>
          <dd>{entry.hash}</dd>
          <dt>Previous hash</dt>
          <dd>{entry.previousHash}</dd>
        </dl>
        <p className="mt-3 max-w-[60ch] text-12 text-text-3">
          The hash covers this entry and the hash of the one before it: change or remove one, and every later one stops
          fitting.
        </p>
      </Section>
    </>
  );
}

function Facts({ accountToken, entry }: EntryPageProps) {
  const logHref = `/${accountToken}/audit-log`;
  const { beside: kind, noun } = wordsOfActor(entry.actorKind);
  const href = recordHref(accountToken, entry);
  return (
    <dl className={LIST}>
      <dt>When</dt>
      <dd>
        <Time value={entry.occurredAt} zone plain />
        <span className="block font-mono text-12 text-text-3">{entry.occurredAt}</span>
      </dd>
      <dt>Who</dt>
      <dd>
        {entry.actorName}
        {kind !== null && <span className="text-text-3"> ({kind})</span>}
        <Link href={`${logHref}?actor=${actorValue(entry)}`} className={LINK}>
          All entries of this {noun}
        </Link>
      </dd>
      <dt>What</dt>
      <dd>
        {capitalised(entry.says)}
        <span className="block font-mono text-12 text-text-3">{entry.action}</span>
      </dd>
      <dt>Record</dt>
      <dd>
        {capitalised(nounOf(entry.recordType))}:{" "}
        {href === null ? (
          entry.recordName
        ) : (
          <Link href={href} className={`inline-flex ${TARGET}`}>
            {entry.recordName}
          </Link>
        )}
        {entry.recordId !== null && (
          <Link href={`${logHref}?record=${entry.recordType}:${entry.recordId}`} className={LINK}>
            All entries of this {nounOf(entry.recordType)}
          </Link>
        )}
      </dd>
      <dt>From</dt>
      <dd className="font-mono text-12">{entry.ip ?? "no address: it was done by the hub itself"}</dd>
      <dt>Request id</dt>
      <dd className="font-mono text-12">{entry.requestId ?? "none"}</dd>
    </dl>
  );
}

function Change({ entry }: { entry: EntryDetails }) {
  const [before, after] = [factsOf(entry.before), factsOf(entry.after)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (names.length === 0) return <p className="text-text-2">This entry changed no facts.</p>;
  const cell = (facts: Readonly<Record<string, unknown>>, name: string) =>
    name in facts ? <Fact name={name} value={facts[name]} /> : <span className="text-text-3">–</span>;
  return (
    <table className="w-full table-fixed text-left align-top [&_td]:wrap-anywhere [&_th]:font-normal">
      <thead className="text-12 text-text-3">
        <tr className="[&>*]:pb-2 [&>*]:pr-4">
          <th scope="col" className="w-[30%]">
            Fact
          </th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name} className="border-t border-line align-top [&>*]:py-2 [&>*]:pr-4">
            <th scope="row" className="text-text-2 wrap-anywhere">
              {capitalised(sayFactName(name))}
            </th>
            <td>{cell(before, name)}</td>
            <td>{cell(after, name)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
