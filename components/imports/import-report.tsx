"use client";

import type { DataColumn } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { useListHref } from "@/components/data-table/list-controls";
import { Pager } from "@/components/data-table/pager";
import { Toolbar } from "@/components/data-table/toolbar";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import type { ImportPage, ReportRow } from "@/lib/imports/queries";
import type { ImportPageQuery } from "@/lib/imports/schema";

function Result({ row }: { row: ReportRow }) {
  if (row.refusal !== null) return <Badge tone="bad">Refused</Badge>;
  return row.recordId === null ? <Badge tone="off">Not worked</Badge> : <Badge tone="ok">Added</Badge>;
}

const COLUMNS: readonly DataColumn<ReportRow>[] = [
  {
    id: "row",
    header: "Row",
    cell: (row) => (
      <>
        <span className="block font-medium">{row.number}</span>
        <span className="block max-w-[40ch] truncate text-12 font-normal text-text-3">{row.says}</span>
      </>
    ),
  },
  { id: "result", header: "Result", cell: (row) => <Result row={row} /> },
  {
    id: "why",
    header: "Why",
    className: "w-full",
    cell: (row) => <span className="whitespace-normal wrap-anywhere">{row.refusal}</span>,
  },
];

export interface ImportReportProps {
  readonly query: ImportPageQuery;
  readonly found: ImportPage;
}

export function ImportReport({ query, found }: ImportReportProps) {
  const href = useListHref();
  const { addedCount, refusedCount, rowCount, rows, next } = found;
  const segment = (label: string, which: "added" | "refused" | null, count: number) => ({
    label,
    count: count.toLocaleString("en-US"),
    href: href({ rows: which }),
    current: query.rows === which,
  });
  return (
    <DataTable
      label="Rows"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => String(row.number)}
      rowName={(row) => `Row ${row.number}`}
      toolbar={
        <Toolbar
          segments={
            <SegmentedLinks
              label="Result"
              segments={[
                segment("All", null, rowCount),
                segment("Refused", "refused", refusedCount),
                segment("Added", "added", addedCount),
              ]}
            />
          }
        />
      }
      empty={<EmptyState title={`No row was ${query.rows ?? "worked"} so far`} />}
      footer={
        query.after > 0 || next !== null ? (
          <Pager
            summary=""
            previousHref={query.after > 0 ? href({ after: null }) : null}
            nextHref={next === null ? null : href({ after: String(next) })}
          />
        ) : null
      }
    />
  );
}
