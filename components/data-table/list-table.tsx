"use client";

import type { SortDirection } from "@/components/data-table/columns";
import { DataTable, type DataTableProps } from "@/components/data-table/data-table";
import { useListHref } from "@/components/data-table/list-controls";
import { Pager } from "@/components/data-table/pager";

export type ListTableProps<Row extends object> = Omit<DataTableProps<Row>, "rows" | "sortHref" | "footer"> & {
  /** One page of the list, and the places of the pages beside it. */
  page: { readonly rows: readonly Row[]; readonly previous: string | null; readonly next: string | null };
  /** "12 keys" */
  summary: string;
};

/** A table whose order and page stand in the address. */
export function ListTable<Row extends object>({ page, summary, ...table }: ListTableProps<Row>) {
  const href = useListHref();
  return (
    <DataTable
      {...table}
      rows={page.rows}
      sortHref={(key: string, direction: SortDirection) => href({ sort: key, direction })}
      footer={
        <Pager
          summary={summary}
          previousHref={page.previous === null ? null : href({ before: page.previous })}
          nextHref={page.next === null ? null : href({ after: page.next })}
        />
      }
    />
  );
}
