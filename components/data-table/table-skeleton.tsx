import { Skeleton } from "@/components/ui/skeleton";

export type TableSkeletonProps = { rows?: number; columns?: number; twoLines?: boolean; toolbar?: boolean };

/** As high as the table it stands for; shown after 150 ms. */
export function TableSkeleton({ rows = 8, columns = 6, twoLines = false, toolbar = true }: TableSkeletonProps) {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      {toolbar && <Skeleton className="mb-3 h-control max-w-[480px]" />}
      <div className="h-[33px] border-b border-line" />
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={row}
          className={`flex items-center gap-6 border-b border-line ${twoLines ? "h-[57px]" : "h-[41px]"} max-sm:h-[137px]`}
        >
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton key={column} className={`h-4 ${column === 0 ? "grow-2" : "grow max-sm:hidden"}`} />
          ))}
        </div>
      ))}
    </div>
  );
}
