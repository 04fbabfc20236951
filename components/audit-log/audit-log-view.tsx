import { StuckMailNotice } from "@/components/notifications/stuck-mail-notice";
import { ExportLink, fileHref } from "@/components/data-table/export-link";
import { countText } from "@/components/data-table/list-href";
import { PageHead } from "@/components/shell/page-head";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
import type { ActorChoice, EntryList } from "@/lib/audit-log/entries";
import { EXPORT_FORMATS, PERIODS, type AuditListQuery, type ExportFormat } from "@/lib/audit-log/schema";
import type { ChainState as State } from "@/lib/audit-log/verifications";
import type { StuckMail } from "@/lib/notifications/queries";
import { AuditFilters } from "./audit-filters";
import { ChainState } from "./chain-state";
import { EntriesTable } from "./entries-table";
import { nounOf } from "@/lib/audit-log/events";
import { groupActions, wordsOfActor } from "./entry-words";

export interface AuditLogViewProps {
  readonly accountToken: string;
  readonly query: AuditListQuery;
  readonly list: EntryList;
  readonly chain: State;
  readonly actors: readonly ActorChoice[];
  readonly actions: readonly string[];
  /** Of the record filtered by; null where the log does not know it. */
  readonly recordName: string | null;
  /** Null where mail gets out. */
  readonly stuckMail: StuckMail | null;
}

const FORMAT_NAMES: Readonly<Record<ExportFormat, string>> = { csv: "CSV", jsonl: "JSON Lines" };

/** Everything of the view but its page. */
function filterOf({ actor, action, record, period, from, to, q }: AuditListQuery) {
  return { actor, action, record, period, from, to, q };
}

function ExportLinks({
  accountToken,
  query,
  narrowed,
}: {
  accountToken: string;
  query: AuditListQuery;
  narrowed: boolean;
}) {
  return EXPORT_FORMATS.map((format) => (
    <ExportLink
      key={format}
      href={fileHref(`/${accountToken}/audit-log/export`, { format, ...filterOf(query) })}
      title={narrowed ? "Exports the entries that the filters leave, on all pages" : "Exports every entry"}
    >
      Export {FORMAT_NAMES[format]}
    </ExportLink>
  ));
}

function NoEntries({ narrowed }: { narrowed: boolean }) {
  return narrowed ? (
    <EmptyState title="No entry matches">Try another word or another period, or clear the filters.</EmptyState>
  ) : (
    <EmptyState title="Nothing has happened yet">
      Every sign-in and every change in this account will be listed here.
    </EmptyState>
  );
}

export function AuditLogView(props: AuditLogViewProps) {
  const { accountToken, query, list, chain, actors, actions, recordName, stuckMail } = props;
  const filter = filterOf(query);
  const narrowed = Object.values(filter).some((value) => value !== null && value !== "");
  const recordType = query.record?.split(":")[0] ?? "";
  const choices = actors.map(({ value, kind, name }) => {
    const word = wordsOfActor(kind).beside;
    return { value, label: word === null ? name : `${name} (${word})` };
  });
  return (
    <>
      <PageHead
        title="Audit log"
        purpose="Who did what in this account, when and from where. Nobody can change or delete an entry."
        action={<ExportLinks accountToken={accountToken} query={query} narrowed={narrowed} />}
      />
      <ChainState state={chain} now={list.now} />
      <StuckMailNotice stuck={stuckMail} now={list.now} />
      <NavigationProvider>
        <EntriesTable
          accountToken={accountToken}
          rows={list.rows}
          summary={`${countText(list.count)} ${list.count === 1 ? "entry" : "entries"}`}
          previous={list.previous}
          next={list.next}
          toolbar={
            <AuditFilters
              filter={filter}
              actors={choices}
              actions={groupActions(actions)}
              periods={Object.entries(PERIODS).map(([value, label]) => ({ value, label }))}
              recordLabel={recordName === null ? null : `${nounOf(recordType)} ${recordName}`}
            />
          }
          empty={<NoEntries narrowed={narrowed} />}
        />
      </NavigationProvider>
    </>
  );
}
