import { ArrowUpDown } from "lucide-react";
import { nextDirection, type DataColumn, type Sort, type SortDirection } from "@/components/data-table/columns";
import { Button } from "@/components/ui/button";
import { Menu, MenuLink } from "@/components/ui/menu";

export type SortMenuProps<Row> = {
  columns: readonly DataColumn<Row>[];
  sort?: Sort;
  sortHref?: (key: string, direction: SortDirection) => string;
};

/** Where rows are cards there are no headers to click. */
export function SortMenu<Row>({ columns, sort, sortHref }: SortMenuProps<Row>) {
  const sortable = columns.filter((column) => column.sortKey);
  if (!sortHref || sortable.length === 0) return null;
  const active = sortable.find((column) => column.sortKey === sort?.key);
  const suffix = { asc: "ascending", desc: "descending" } as const;
  return (
    <div className="sm:hidden">
      <Menu
        align="start"
        trigger={
          <Button variant="ghost" className="-ml-3" icon={<ArrowUpDown aria-hidden size={16} strokeWidth={1.75} />}>
            {active && sort ? `Sorted by ${active.header.toLowerCase()}, ${suffix[sort.direction]}` : "Sort"}
          </Button>
        }
      >
        {sortable.map((column) => {
          const direction = nextDirection(column, sort);
          return (
            <MenuLink
              key={column.id}
              href={sortHref(column.sortKey ?? "", direction)}
              scroll={false}
              hint={suffix[direction]}
            >
              {column.header}
            </MenuLink>
          );
        })}
      </Menu>
    </div>
  );
}
