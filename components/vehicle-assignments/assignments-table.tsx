"use client";

import { useMemo } from "react";

import { searchContacts } from "@/components/contacts/contact-search";
import type { DataColumn } from "@/components/data-table/columns";
import { ListControls, type ListControlsProps } from "@/components/data-table/list-controls";
import type { PickerOption } from "@/components/form/record-picker";
import { AddRecord } from "@/components/record/add-record";
import { RecordTable, type ListParts } from "@/components/record/record-table";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { Link } from "@/components/ui/link";
import { searchVehicles } from "@/components/vehicles/vehicle-search";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { AssignmentRow } from "@/lib/vehicle-assignments/list-assignment-rows";
import type { AssignmentFormProps } from "./assignment-form";
import { useAssignmentVerbs } from "./assignment-verbs";
import { AssignmentStateBadge, EndTime, StartTime } from "./assignment-words";

const AssignmentForm = lazyDialog(() => import("./assignment-form").then((module) => module.AssignmentForm));

/** The button and its form. */
export function AssignDriver(props: Pick<AssignmentFormProps, "accountToken" | "definitions" | "vehicle" | "contact">) {
  return (
    <AddRecord label="Assign Driver" form={(onClose) => <AssignmentForm {...props} row={null} onClose={onClose} />} />
  );
}

type AssignmentsToolbarProps = Pick<ListControlsProps, "search" | "status" | "statuses"> & {
  accountToken: string;
  vehicle: PickerOption | null;
  contact: PickerOption | null;
};

export function AssignmentsToolbar({ accountToken, vehicle, contact, ...controls }: AssignmentsToolbarProps) {
  return (
    <ListControls
      {...controls}
      searchLabel="Search by vehicle or driver"
      segments={{ id: "state", label: "State" }}
      filters={[]}
      pickers={[
        { id: "vehicle", label: "Vehicle", chosen: vehicle, search: searchVehicles(accountToken) },
        { id: "contact", label: "Driver", chosen: contact, search: searchContacts(accountToken) },
      ]}
    />
  );
}

const NAME =
  "block w-max max-w-[220px] wrap-anywhere whitespace-normal hover:underline max-sm:w-auto max-sm:max-w-none";

function assignmentColumns(accountToken: string): readonly DataColumn<AssignmentRow>[] {
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

type AssignmentsTableProps = ListParts<AssignmentRow> & {
  accountToken: string;
  definitions: readonly CustomFieldDefinition[];
};

export function AssignmentsTable({ accountToken, definitions, ...list }: AssignmentsTableProps) {
  const columns = useMemo(() => assignmentColumns(accountToken), [accountToken]);
  const verbs = useAssignmentVerbs({ accountToken, definitions }, "list");
  return (
    <RecordTable
      {...list}
      label="Vehicle assignments"
      columns={columns}
      verbs={verbs}
      isMuted={(row) => row.state === "past"}
    />
  );
}
