import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { nextDirection, type DataColumn, type Sort, type SortDirection } from "@/components/data-table/columns";
import { NavLink } from "@/components/ui/navigation";

export type HeaderRowProps<Row> = {
  columns: readonly DataColumn<Row>[];
  sort?: Sort;
  sortHref?: (key: string, direction: SortDirection) => string;
  tick?: ReactNode;
  hasActions: boolean;
};

export function HeaderRow<Row>({ columns, sort, sortHref, tick, hasActions }: HeaderRowProps<Row>) {
  return (
    <thead role="rowgroup">
      <tr role="row">
        {tick && (
          <td role="cell" className="data-table-tick">
            {tick}
          </td>
        )}
        {columns.map((column, at) => (
          <th
            key={column.id}
            role="columnheader"
            scope="col"
            data-first={at === 0 || undefined}
            data-align={column.align}
            aria-sort={sortOf(column, sort)}
            className={column.className}
          >
            {column.sortKey && sortHref ? (
              <SortLink column={column} sort={sort} href={sortHref(column.sortKey, nextDirection(column, sort))} />
            ) : (
              column.header
            )}
          </th>
        ))}
        {hasActions && (
          <th role="columnheader" scope="col" className="data-table-actions">
            <span className="sr-only">Actions</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

function sortOf<Row>(column: DataColumn<Row>, sort: Sort | undefined): "ascending" | "descending" | undefined {
  if (!column.sortKey || column.sortKey !== sort?.key) return undefined;
  return sort.direction === "asc" ? "ascending" : "descending";
}

function SortLink<Row>({ column, sort, href }: { column: DataColumn<Row>; sort: Sort | undefined; href: string }) {
  const active = column.sortKey === sort?.key;
  const direction = active ? sort?.direction : nextDirection(column, sort);
  const Arrow = direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <NavLink href={href} className="group/sort -my-1 inline-flex items-center gap-1 rounded-sm py-1 hover:text-text">
      {column.header}
      <Arrow
        aria-hidden
        size={12}
        strokeWidth={1.75}
        className={active ? "" : "opacity-0 group-hover/sort:opacity-100 group-focus-visible/sort:opacity-100"}
      />
    </NavLink>
  );
}
