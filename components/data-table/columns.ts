import type { ReactNode } from "react";

export type SortDirection = "asc" | "desc";
export type Sort = { key: string; direction: SortDirection };

export type DataColumn<Row> = {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** What the server sorts by; without it the header is no link. */
  sortKey?: string;
  /** The direction of the first click; "asc" if not said. */
  firstDirection?: SortDirection;
  align?: "start" | "end";
  /** Stands before the value where a row is a card. */
  cardLabel?: string;
  hideOnCard?: boolean;
  className?: string;
};

/** What a click on this column's header asks for. */
export function nextDirection(
  column: Pick<DataColumn<never>, "sortKey" | "firstDirection">,
  sort: Sort | undefined,
): SortDirection {
  if (sort?.key !== column.sortKey) return column.firstDirection ?? "asc";
  return sort?.direction === "asc" ? "desc" : "asc";
}
