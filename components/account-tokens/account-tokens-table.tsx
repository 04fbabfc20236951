"use client";

import type { ReactNode } from "react";

import type { DataColumn, SortDirection } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { useListHref } from "@/components/data-table/list-controls";
import { Pager } from "@/components/data-table/pager";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { Time } from "@/components/ui/time";
import type { AccountTokenRow } from "@/lib/accounts/queries";

const STATUSES: Readonly<Record<AccountTokenRow["status"], { tone: BadgeTone; word: string }>> = {
  active: { tone: "ok", word: "Active" },
  trial: { tone: "ok", word: "Trial" },
  past_due: { tone: "warn", word: "Past due" },
  suspended: { tone: "bad", word: "Suspended" },
  canceled: { tone: "off", word: "Canceled" },
};

const PLANS: Readonly<Record<AccountTokenRow["plan"], string>> = {
  starter: "Starter",
  professional: "Professional",
  premium: "Premium",
};

function TokenCell({ row }: { row: AccountTokenRow }) {
  return (
    <span className="group inline-flex min-h-control items-center gap-2">
      <code className="font-mono text-13 select-all">{row.token}</code>
      <span className="opacity-0 transition-opacity group-focus-within:opacity-100 [tr:hover_&]:opacity-100 max-sm:opacity-100 pointer-coarse:opacity-100 has-data-copied:opacity-100">
        <CopyButton variant="secondary" value={row.token} label="Copy Token" className="bg-bg" />
      </span>
    </span>
  );
}

const COLUMNS: readonly DataColumn<AccountTokenRow>[] = [
  {
    id: "name",
    header: "Account",
    sortKey: "name",
    cell: (row) => (
      <span className="block w-max max-w-[420px] font-medium wrap-anywhere whitespace-normal max-sm:w-auto max-sm:max-w-none">
        {row.name}
      </span>
    ),
  },
  {
    id: "status",
    header: "Status",
    cell: (row) => <Badge tone={STATUSES[row.status].tone}>{STATUSES[row.status].word}</Badge>,
  },
  { id: "plan", header: "Plan", cardLabel: "Plan", cell: (row) => PLANS[row.plan] },
  {
    id: "created",
    header: "Date added",
    sortKey: "created",
    firstDirection: "desc",
    hideOnCard: true,
    cell: (row) => <Time value={row.createdAt} style="date" />,
  },
  { id: "token", header: "Account token", cell: (row) => <TokenCell row={row} /> },
];

export interface AccountTokensTableProps {
  readonly rows: readonly AccountTokenRow[];
  readonly sort: { readonly key: string; readonly direction: SortDirection };
  /** "42 accounts" */
  readonly summary: string;
  readonly previous: string | null;
  readonly next: string | null;
  readonly toolbar: ReactNode;
  readonly empty: ReactNode;
}

export function AccountTokensTable({ rows, sort, summary, previous, next, toolbar, empty }: AccountTokensTableProps) {
  const href = useListHref();
  return (
    <DataTable
      label="Account tokens"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => String(row.id)}
      rowName={(row) => row.name}
      sort={sort}
      sortHref={(key, direction) => href({ sort: key, direction })}
      toolbar={toolbar}
      isMuted={(row) => row.status === "canceled"}
      empty={empty}
      footer={
        <Pager
          summary={summary}
          previousHref={previous === null ? null : href({ before: previous })}
          nextHref={next === null ? null : href({ after: next })}
        />
      }
    />
  );
}
