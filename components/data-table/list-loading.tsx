import { TableSkeleton } from "@/components/data-table/table-skeleton";
import { Skeleton } from "@/components/ui/skeleton";

/** What stands in place of a list's page until its rows are read: head, tabs and table of the same height. */
export function ListLoading({ twoLines = false }: { twoLines?: boolean }) {
  return (
    <>
      <div className="mb-5 h-[72px] max-sm:h-[128px]">
        <Skeleton className="h-8 w-[180px]" />
      </div>
      <Skeleton className="mb-4 h-[38px] max-w-[240px]" />
      <TableSkeleton twoLines={twoLines} />
    </>
  );
}
