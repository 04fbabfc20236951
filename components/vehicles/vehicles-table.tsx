"use client";

import { useMemo } from "react";

import { ListTable, type ListTableProps } from "@/components/data-table/list-table";
import type { VehicleRow } from "@/lib/vehicles/list-vehicle-rows";
import { vehicleColumns } from "./vehicle-columns";
import { useVehicleVerbs } from "./vehicle-verbs";

export type VehiclesTableProps = Pick<ListTableProps<VehicleRow>, "page" | "summary" | "sort" | "toolbar" | "empty"> & {
  accountToken: string;
};

export function VehiclesTable({ accountToken, ...list }: VehiclesTableProps) {
  const columns = useMemo(() => vehicleColumns(accountToken), [accountToken]);
  const { rowMenu, dialog } = useVehicleVerbs(accountToken, "list");
  return (
    <>
      <ListTable
        {...list}
        label="Vehicles"
        columns={columns}
        rowId={(row) => String(row.id)}
        rowName={(row) => row.name}
        isMuted={(row) => row.isArchived}
        rowActions={rowMenu}
      />
      {dialog}
    </>
  );
}
