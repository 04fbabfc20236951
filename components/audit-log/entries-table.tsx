"use client";

import { useMemo, type ReactNode } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { useListHref } from "@/components/data-table/list-controls";
import { Pager } from "@/components/data-table/pager";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { EntryRow } from "@/lib/audit-log/entries";
import { capitalised } from "@/lib/platform/name-cases";
import { entryNumber, recordHref, recordNamed, wordsOfActor } from "./entry-words";

export interface EntriesTableProps {
  readonly accountToken: string;
  readonly rows: readonly EntryRow[];
  /** "12 entries" */
  readonly summary: string;
  readonly previous: number | null;
  readonly next: number | null;
  readonly toolbar: ReactNode;
  readonly empty: ReactNode;
}

function What({ accountToken, row }: { accountToken: string; row: EntryRow }) {
  const name = recordNamed(row);
  const href = recordHref(accountToken, row);
  return (
    <>
      {capitalised(row.says)}
      {name !== null && " "}
      {name !== null && href !== null && (
        <Link href={href} prefetch={false} className="font-medium hover:underline">
          {name}
        </Link>
      )}
      {name !== null && href === null && <span className="font-medium">{name}</span>}
    </>
  );
}

function Who({ row }: { row: EntryRow }) {
  const { beside: kind } = wordsOfActor(row.actorKind);
  return (
    <>
      {row.actorName}
      {kind !== null && <span className="cell-sub">{kind}</span>}
    </>
  );
}

function columnsOf(accountToken: string): readonly DataColumn<EntryRow>[] {
  return [
    {
      id: "time",
      header: "Time",
      cell: (row) => (
        <>
          <Link
            href={`/${accountToken}/audit-log/${row.sequence}`}
            prefetch={false}
            className="block font-medium hover:underline"
          >
            <Time value={row.occurredAt} plain />
          </Link>
          <span className="cell-sub">Entry {entryNumber(row.sequence)}</span>
        </>
      ),
    },
    { id: "who", header: "Who", cardLabel: "Who", cell: (row) => <Who row={row} /> },
    {
      id: "what",
      header: "What",
      className: "w-full min-w-[220px] whitespace-normal! wrap-anywhere max-sm:min-w-0",
      cell: (row) => <What accountToken={accountToken} row={row} />,
    },
    {
      id: "from",
      header: "From",
      cardLabel: "From",
      cell: (row) => <span className="font-mono text-12 text-text-2">{row.ip ?? "–"}</span>,
    },
  ];
}

export function EntriesTable({ accountToken, rows, summary, previous, next, toolbar, empty }: EntriesTableProps) {
  const href = useListHref();
  const columns = useMemo(() => columnsOf(accountToken), [accountToken]);
  return (
    <DataTable
      label="Audit log"
      columns={columns}
      rows={rows}
      rowId={(row) => String(row.sequence)}
      rowName={(row) => `entry ${row.sequence}`}
      toolbar={toolbar}
      empty={empty}
      footer={
        <Pager
          summary={summary}
          previousHref={previous === null ? null : href({ before: String(previous) })}
          nextHref={next === null ? null : href({ after: String(next) })}
        />
      }
    />
  );
}
