import type { DataColumn } from "@/components/data-table/columns";
import { Time } from "@/components/ui/time";

/** When a row came to be; the newest first on the first click. */
export const DATE_ADDED: DataColumn<{ readonly createdAt: string }> = {
  id: "created",
  header: "Date added",
  sortKey: "created",
  firstDirection: "desc",
  hideOnCard: true,
  cell: (row) => <Time value={row.createdAt} style="date" />,
};
