"use client";

import { ListTable, type ListTableProps } from "@/components/data-table/list-table";
import type { Verbs } from "@/components/record/verbs";

/** What a list's page hands to its table. */
export type ListParts<Row extends object> = Pick<
  ListTableProps<Row>,
  "page" | "summary" | "sort" | "toolbar" | "empty"
>;

export type RecordTableProps<Row extends object> = ListParts<Row> &
  Pick<ListTableProps<Row>, "label" | "columns" | "isMuted"> & { verbs: Verbs<Row> };

/** A list of records that have a name and bring their verbs along, with whatever dialog is open above it. */
export function RecordTable<Row extends { readonly id: number; readonly name: string }>({
  verbs,
  ...table
}: RecordTableProps<Row>) {
  return (
    <>
      <ListTable {...table} rowId={(row) => String(row.id)} rowName={(row) => row.name} rowActions={verbs.rowMenu} />
      {verbs.dialog}
    </>
  );
}
