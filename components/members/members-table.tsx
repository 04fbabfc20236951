"use client";

import { useMemo } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { useListHref } from "@/components/data-table/list-controls";
import { Pager } from "@/components/data-table/pager";
import { Time } from "@/components/ui/time";
import type { MemberList, MemberRow } from "@/lib/members/queries";
import { useMemberVerbs } from "./member-verbs";
import type { InviteMemberProps } from "./invite-member";
import { ROLE_WORDS } from "./role-words";

export interface MembersTableProps extends InviteMemberProps {
  readonly list: MemberList;
}

function memberColumns(isPartner: boolean, isLimited: boolean, now: string): readonly DataColumn<MemberRow>[] {
  return [
    {
      id: "name",
      header: "Name",
      cell: (row) => (
        <>
          <span className="block font-medium wrap-anywhere">{row.isSelf ? `${row.name} (you)` : row.name}</span>
          <span className="text-12 font-normal wrap-anywhere text-text-3">{row.email}</span>
        </>
      ),
    },
    { id: "role", header: "Role", cell: (row) => ROLE_WORDS[row.role].name },
    ...(isPartner
      ? [
          {
            id: "customers",
            header: "Customers",
            cardLabel: "Customers",
            cell: (row: MemberRow) =>
              row.customers === null ? (
                "All"
              ) : (
                <span className="whitespace-normal">
                  {row.customers.map(({ name }) => name).join(", ") || (isLimited ? "None of yours" : "None")}
                </span>
              ),
          },
        ]
      : []),
    { id: "keys", header: "Active keys", align: "end", hideOnCard: true, cell: (row) => row.activeKeys },
    {
      id: "seen",
      header: "Last seen",
      cardLabel: "Last seen",
      cell: (row) => <Time value={row.lastSeenAt} style="relative" now={now} />,
    },
    {
      id: "since",
      header: "Member since",
      hideOnCard: true,
      cell: (row) => <Time value={row.memberSince} style="date" />,
    },
  ];
}

export function MembersTable({ space, viewerRole, customers, list }: MembersTableProps) {
  const href = useListHref();
  const isPartner = space.kind === "partner";
  const isLimited = space.viewer.limited;
  const columns = useMemo(() => memberColumns(isPartner, isLimited, list.now), [isPartner, isLimited, list.now]);
  const verbs = useMemberVerbs({ space, viewerRole, customers });
  return (
    <>
      <DataTable
        label="Members"
        columns={columns}
        rows={list.rows}
        rowId={(row) => String(row.membershipId)}
        rowName={(row) => row.name}
        rowActions={verbs.rowMenu}
        footer={
          list.previous !== null || list.next !== null ? (
            <Pager
              summary=""
              previousHref={list.previous === null ? null : href({ before: list.previous })}
              nextHref={list.next === null ? null : href({ after: list.next })}
            />
          ) : null
        }
      />
      {verbs.dialog}
    </>
  );
}
