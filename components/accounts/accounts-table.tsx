"use client";

import { useMemo } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { DATE_ADDED } from "@/components/data-table/date-added";
import { ListTable, type ListTableProps } from "@/components/data-table/list-table";
import { CopyButton } from "@/components/ui/copy-button";
import { Link } from "@/components/ui/link";
import type { CustomerRow } from "@/lib/accounts/list-customers";
import type { AccountTokenRow } from "@/lib/accounts/queries";
import { AccountStatusBadge, PLAN_WORDS } from "./account-words";

type AccountRow = AccountTokenRow & Partial<Pick<CustomerRow, "advisors">>;

/** The token, and a button that copies it: on hover and focus, always on touch. */
export function AccountToken({ token }: { token: string }) {
  return (
    <span className="group inline-flex min-h-control flex-wrap items-center gap-x-2">
      <code className="font-mono text-13 whitespace-nowrap select-all">{token}</code>
      <span className="opacity-0 transition-opacity group-focus-within:opacity-100 [tr:hover_&]:opacity-100 max-sm:opacity-100 pointer-coarse:opacity-100 has-data-copied:opacity-100">
        <CopyButton variant="secondary" value={token} label="Copy Token" className="bg-bg" />
      </span>
    </span>
  );
}

const NAME_LOOK =
  "block w-max max-w-[420px] font-medium wrap-anywhere whitespace-normal max-sm:w-auto max-sm:max-w-none";

function nameColumn(customersHref: string | null): DataColumn<AccountRow> {
  return {
    id: "name",
    header: customersHref === null ? "Account" : "Customer",
    sortKey: "name",
    cell: (row) =>
      customersHref === null ? (
        <span className={NAME_LOOK}>{row.name}</span>
      ) : (
        <Link href={`${customersHref}/${row.token}`} className={`${NAME_LOOK} hover:underline`}>
          {row.name}
        </Link>
      ),
  };
}

const ADVISORS: DataColumn<AccountRow> = {
  id: "advisors",
  header: "Assigned advisors",
  cardLabel: "Assigned advisors",
  cell: (row) => (
    <span className="block max-w-[260px] whitespace-normal">
      {row.advisors?.map(({ name }) => name).join(", ") || <span className="text-text-3">None in particular</span>}
    </span>
  ),
};

const FACTS: readonly DataColumn<AccountRow>[] = [
  { id: "status", header: "Status", cell: (row) => <AccountStatusBadge status={row.status} /> },
  { id: "plan", header: "Plan", cardLabel: "Plan", cell: (row) => PLAN_WORDS[row.plan].name },
];
const LAST: readonly DataColumn<AccountRow>[] = [
  DATE_ADDED,
  { id: "token", header: "Account token", cell: (row) => <AccountToken token={row.token} /> },
];

export interface AccountsTableProps extends Pick<
  ListTableProps<AccountRow>,
  "label" | "page" | "summary" | "sort" | "toolbar" | "empty"
> {
  /** Where each row leads to its own page and shows its advisors; null for a list of tokens alone. */
  readonly customersHref: string | null;
}

export function AccountsTable({ customersHref, ...list }: AccountsTableProps) {
  const columns = useMemo(
    () => [nameColumn(customersHref), ...FACTS, ...(customersHref === null ? [] : [ADVISORS]), ...LAST],
    [customersHref],
  );
  return (
    <ListTable
      {...list}
      columns={columns}
      rowId={(row) => String(row.id)}
      rowName={(row) => row.name}
      isMuted={(row) => row.status === "canceled"}
    />
  );
}
