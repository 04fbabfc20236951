"use client";

import { useMemo } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { DATE_ADDED } from "@/components/data-table/date-added";
import { RecordTable, type ListParts } from "@/components/record/record-table";
import { Link } from "@/components/ui/link";
import type { ContactRow } from "@/lib/contacts/queries";
import { useContactVerbs } from "./contact-verbs";
import { sayRoles } from "./contact-words";

const NOTHING = <span className="text-text-3">None</span>;

function contactColumns(accountToken: string): readonly DataColumn<ContactRow>[] {
  return [
    {
      id: "name",
      header: "Name",
      sortKey: "name",
      cell: (row) => (
        <>
          <Link
            href={`/${accountToken}/contacts/${row.id}`}
            className="cell-name w-max max-w-[240px] wrap-anywhere whitespace-normal hover:underline max-sm:w-auto max-sm:max-w-none"
          >
            {row.name}
          </Link>
          {row.jobTitle !== null && <span className="cell-sub font-normal">{row.jobTitle}</span>}
        </>
      ),
    },
    { id: "roles", header: "Roles", cell: (row) => sayRoles(row) || NOTHING },
    {
      id: "email",
      header: "E-mail address",
      cell: (row) =>
        row.email === null ? (
          NOTHING
        ) : (
          <span className="block w-max max-w-[220px] wrap-anywhere whitespace-normal max-sm:w-auto max-sm:max-w-none">
            {row.email}
          </span>
        ),
    },
    { id: "phone", header: "Mobile phone", hideOnCard: true, cell: (row) => row.mobilePhoneNumber ?? NOTHING },
    { id: "number", header: "Employee number", hideOnCard: true, cell: (row) => row.employeeNumber ?? NOTHING },
    {
      id: "vehicle",
      header: "Current vehicle",
      cardLabel: "Vehicle",
      cell: (row) =>
        row.vehicle === null ? (
          NOTHING
        ) : (
          <Link
            href={`/${accountToken}/vehicles/${row.vehicle.id}`}
            className="inline-block w-max max-w-[180px] wrap-anywhere whitespace-normal hover:underline max-sm:w-auto max-sm:max-w-none"
          >
            {row.vehicle.name}
          </Link>
        ),
    },
    DATE_ADDED,
  ];
}

export function ContactsTable({ accountToken, ...list }: ListParts<ContactRow> & { accountToken: string }) {
  const columns = useMemo(() => contactColumns(accountToken), [accountToken]);
  const verbs = useContactVerbs(accountToken, "list");
  return <RecordTable {...list} label="Contacts" columns={columns} verbs={verbs} isMuted={(row) => row.isArchived} />;
}
