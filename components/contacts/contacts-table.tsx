"use client";

import { useMemo } from "react";

import { ListTable, type ListTableProps } from "@/components/data-table/list-table";
import type { ContactRow } from "@/lib/contacts/queries";
import { contactColumns } from "./contact-columns";
import { useContactVerbs } from "./contact-verbs";

type Given = "page" | "summary" | "sort" | "toolbar" | "empty";
export type ContactsTableProps = Pick<ListTableProps<ContactRow>, Given> & { accountToken: string };

export function ContactsTable({ accountToken, ...list }: ContactsTableProps) {
  const columns = useMemo(() => contactColumns(accountToken), [accountToken]);
  const verbs = useContactVerbs(accountToken, "list");
  return (
    <>
      <ListTable
        label="Contacts"
        columns={columns}
        rowId={({ id }) => String(id)}
        rowName={({ name }) => name}
        isMuted={({ isArchived }) => isArchived}
        rowActions={verbs.rowMenu}
        {...list}
      />
      {verbs.dialog}
    </>
  );
}
