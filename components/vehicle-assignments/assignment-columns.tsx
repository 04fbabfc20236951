"use client";

import type { DataColumn } from "@/components/data-table/columns";
import { Link } from "@/components/ui/link";
import type { AssignmentRow } from "@/lib/vehicle-assignments/list-assignment-rows";
import { AssignmentStateBadge, EndTime, StartTime } from "./assignment-words";

const NAME =
  "block w-max max-w-[220px] wrap-anywhere whitespace-normal hover:underline max-sm:w-auto max-sm:max-w-none";

export function assignmentColumns(accountToken: string): readonly DataColumn<AssignmentRow>[] {
  const base = `/${accountToken}/vehicle-assignments`;
  return [
    {
      id: "vehicle",
      header: "Vehicle",
      cell: (row) => (
        <Link href={`${base}/${row.id}`} className={`${NAME} font-medium`}>
          {row.vehicle.name}
        </Link>
      ),
    },
    { id: "driver", header: "Driver", cardLabel: "Driver", cell: (row) => row.contact.name },
    { id: "state", header: "State", cell: (row) => <AssignmentStateBadge state={row.state} /> },
    {
      id: "started",
      header: "Start",
      sortKey: "started",
      firstDirection: "desc",
      cardLabel: "Start",
      cell: (row) => <StartTime value={row.startedAt} />,
    },
    {
      id: "ended",
      header: "End",
      sortKey: "ended",
      firstDirection: "desc",
      cardLabel: "End",
      cell: (row) => <EndTime value={row.endedAt} />,
    },
  ];
}
