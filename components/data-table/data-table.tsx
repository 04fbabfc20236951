"use client";

import {
  rowSelectionFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type RowSelectionState,
} from "@tanstack/react-table";
import { useMemo, useRef, useState, type ReactNode } from "react";
import type { DataColumn, Sort, SortDirection } from "@/components/data-table/columns";
import { HeaderRow } from "@/components/data-table/header-row";
import { SelectionTick } from "@/components/data-table/selection-tick";
import { SortMenu } from "@/components/data-table/sort-menu";
import { useOverflow } from "@/components/data-table/use-overflow";
import { useNavigation } from "@/components/ui/navigation";

const features = tableFeatures({ rowSelectionFeature });

export type SelectionBarSlot<Row> = (selected: readonly Row[], clear: () => void) => ReactNode;

export type DataTableProps<Row extends object> = {
  /** The table's accessible name. */
  label: string;
  /** Keep it stable: module scope or useMemo. */
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** What the row is called, for its checkbox. */
  rowName: (row: Row) => string;
  sort?: Sort;
  sortHref?: (key: string, direction: SortDirection) => string;
  toolbar?: ReactNode;
  /** Given, rows can be ticked; it replaces the toolbar while any is. */
  selectionBar?: SelectionBarSlot<Row>;
  canSelect?: (row: Row) => boolean;
  rowActions?: (row: Row) => ReactNode;
  isMuted?: (row: Row) => boolean;
  /** Also taken from the NavigationProvider around it. */
  pending?: boolean;
  /** Shown instead of the table when there are no rows: the empty or the no-match state. */
  empty?: ReactNode;
  footer?: ReactNode;
};

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, sort, sortHref, toolbar, selectionBar, rowActions, empty, footer } = props;
  const navigation = useNavigation();
  const pending = (props.pending ?? false) || (navigation?.pending ?? false);
  const wrap = useRef<HTMLDivElement>(null);
  const wide = useOverflow(wrap);
  const table = useSelectableTable(props);
  const selected = table.getRowModel().rows.filter((row) => row.getIsSelected());
  const clear = () => {
    table.resetRowSelection(true);
    wrap.current?.focus({ preventScroll: true });
  };

  return (
    <div>
      <TableBar
        toolbar={toolbar}
        selectionBar={selectionBar}
        selected={selected.map((row) => row.original)}
        clear={clear}
      />
      {rows.length === 0 && empty}
      <div hidden={rows.length === 0}>
        <SortMenu columns={columns} sort={sort} sortHref={sortHref} />
        <div
          ref={wrap}
          className="data-table-wrap relative -outline-offset-1"
          data-wide={wide}
          aria-busy={pending}
          tabIndex={wide ? 0 : -1}
          {...(wide ? { role: "region", "aria-label": label } : {})}
        >
          {pending && <div aria-hidden className="data-table-progress late" />}
          <table
            role="table"
            aria-label={label}
            className="data-table"
            data-any-selected={selected.length > 0}
            data-selectable={Boolean(selectionBar)}
          >
            <HeaderRow
              columns={columns}
              sort={sort}
              sortHref={sortHref}
              hasActions={Boolean(rowActions)}
              tick={selectionBar && <AllTick table={table} count={selected.length} />}
            />
            <tbody role="rowgroup">
              {table.getRowModel().rows.map((row) => (
                <BodyRow key={row.id} row={row} table={table} of={props} />
              ))}
            </tbody>
          </table>
        </div>
        {footer}
      </div>
    </div>
  );
}

type SelectableTable<Row extends object> = ReturnType<typeof useSelectableTable<Row>>;

type TableBarProps<Row> = {
  toolbar: ReactNode;
  selectionBar?: SelectionBarSlot<Row>;
  selected: readonly Row[];
  clear: () => void;
};

function TableBar<Row>({ toolbar, selectionBar, selected, clear }: TableBarProps<Row>) {
  const any = selected.length > 0;
  return (
    <>
      {/* Hidden, not gone: what was typed into the search stays. */}
      <div hidden={any}>{toolbar}</div>
      {any && selectionBar?.(selected, clear)}
      <div role="status" className="sr-only">
        {any ? `${selected.length} selected` : ""}
      </div>
    </>
  );
}

function AllTick<Row extends object>({ table, count }: { table: SelectableTable<Row>; count: number }) {
  const possible = table.getRowModel().rows.filter((row) => row.getCanSelect()).length;
  return (
    <SelectionTick
      label="Select all on this page"
      checked={possible > 0 && count === possible}
      mixed={count > 0 && count < possible}
      disabled={possible === 0}
      onChange={(on) => table.toggleAllRowsSelected(on)}
    />
  );
}

type BodyRowProps<Row extends object> = {
  row: ReturnType<SelectableTable<Row>["getRowModel"]>["rows"][number];
  table: SelectableTable<Row>;
  of: DataTableProps<Row>;
};

function BodyRow<Row extends object>({
  row,
  table,
  of: { columns, selectionBar, rowName, rowActions, isMuted },
}: BodyRowProps<Row>) {
  return (
    <tr role="row" data-selected={row.getIsSelected()} data-muted={isMuted?.(row.original) ?? false}>
      {selectionBar && (
        <td role="cell" className="data-table-tick">
          {row.getCanSelect() && (
            <SelectionTick
              label={`Select ${rowName(row.original)}`}
              checked={row.getIsSelected()}
              onChange={(on) => row.toggleSelected(on)}
            />
          )}
        </td>
      )}
      {row.getAllCells().map((cell, at) => (
        <BodyCell key={cell.id} column={columns[at]} first={at === 0}>
          <table.FlexRender cell={cell} />
        </BodyCell>
      ))}
      {rowActions && (
        <td role="cell" className="data-table-actions">
          {rowActions(row.original)}
        </td>
      )}
    </tr>
  );
}

function useSelectableTable<Row extends object>({
  columns,
  rows,
  rowId,
  canSelect,
  selectionBar,
}: DataTableProps<Row>) {
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({});
  const defs = useMemo<ColumnDef<typeof features, Row>[]>(
    () =>
      columns.map((column) => ({ id: column.id, header: column.header, cell: ({ row }) => column.cell(row.original) })),
    [columns],
  );
  return useTable({
    features,
    columns: defs,
    data: rows,
    getRowId: rowId,
    enableRowSelection: selectionBar ? (row) => canSelect?.(row.original) ?? true : false,
    state: { rowSelection },
    onRowSelectionChange: setRowSelection,
  });
}

type BodyCellProps<Row> = { column: DataColumn<Row> | undefined; first: boolean; children: ReactNode };

/** The roles are written out because a browser forgets them where the stylesheet turns rows into cards. */
function BodyCell<Row>({ column, first, children }: BodyCellProps<Row>) {
  const look = { className: column?.className, "data-align": column?.align, "data-hide-on-card": column?.hideOnCard };
  const inside = (
    <>
      {column?.cardLabel && <span className="hidden text-12 text-text-3 max-sm:inline">{column.cardLabel} </span>}
      {children}
    </>
  );
  return first ? (
    <th role="rowheader" scope="row" data-first {...look}>
      {inside}
    </th>
  ) : (
    <td role="cell" {...look}>
      {inside}
    </td>
  );
}
