"use client";

import { useMemo } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { DATE_ADDED } from "@/components/data-table/date-added";
import { RecordTable, type ListParts } from "@/components/record/record-table";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { VehicleRow } from "@/lib/vehicles/list-vehicle-rows";
import { useVehicleVerbs } from "./vehicle-verbs";
import { sayMeter, sayModel, StatusDot } from "./vehicle-words";

function Name({ accountToken, row }: { accountToken: string; row: VehicleRow }) {
  const model = sayModel(row);
  return (
    <>
      <Link
        href={`/${accountToken}/vehicles/${row.id}`}
        className="cell-name w-max max-w-[220px] wrap-anywhere whitespace-normal hover:underline max-sm:w-auto max-sm:max-w-none"
      >
        {row.name}
      </Link>
      {model !== "" && <span className="cell-sub font-normal">{model}</span>}
    </>
  );
}

function Meter({ row }: { row: VehicleRow }) {
  if (row.meterDate === null) return <span className="text-text-3">No reading</span>;
  return (
    <>
      {sayMeter(row.meterValue, row.meterUnit)}
      <span className="cell-sub max-sm:ml-1.5 max-sm:inline">
        <Time value={`${row.meterDate}T12:00:00Z`} style="date" plain />
      </span>
    </>
  );
}

const NOTHING = <span className="text-text-3">None</span>;

function vehicleColumns(accountToken: string): readonly DataColumn<VehicleRow>[] {
  return [
    {
      id: "name",
      header: "Name",
      sortKey: "name",
      cell: (row) => <Name accountToken={accountToken} row={row} />,
    },
    { id: "status", header: "Status", cell: (row) => <StatusDot name={row.statusName} color={row.statusColor} /> },
    { id: "type", header: "Type", hideOnCard: true, cell: (row) => row.typeName },
    {
      id: "vin",
      header: "VIN",
      cardLabel: "VIN",
      cell: (row) => (row.vin === null ? NOTHING : <span className="font-mono text-12">{row.vin}</span>),
    },
    { id: "plate", header: "License plate", cardLabel: "Plate", cell: (row) => row.licensePlate ?? NOTHING },
    { id: "meter", header: "Meter", align: "end", cardLabel: "Meter", cell: (row) => <Meter row={row} /> },
    {
      id: "driver",
      header: "Current driver",
      cardLabel: "Driver",
      cell: (row) =>
        row.driver === null ? (
          <span className="text-text-3">Nobody</span>
        ) : (
          <Link
            href={`/${accountToken}/contacts/${row.driver.id}`}
            className="inline-block w-max max-w-[160px] wrap-anywhere whitespace-normal hover:underline max-sm:w-auto max-sm:max-w-none"
          >
            {row.driver.name}
          </Link>
        ),
    },
    DATE_ADDED,
  ];
}

export function VehiclesTable({ accountToken, ...list }: ListParts<VehicleRow> & { accountToken: string }) {
  const columns = useMemo(() => vehicleColumns(accountToken), [accountToken]);
  const verbs = useVehicleVerbs(accountToken, "list");
  return <RecordTable {...list} label="Vehicles" columns={columns} verbs={verbs} isMuted={(row) => row.isArchived} />;
}
