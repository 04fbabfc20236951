"use client";

import { Pencil, Trash2 } from "lucide-react";
import { useMemo } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { AddRecord } from "@/components/record/add-record";
import { outcomeOf } from "@/components/record/outcome";
import { RecordTable, type ListParts } from "@/components/record/record-table";
import { useVerbs, type VerbLooks } from "@/components/record/verbs";
import { Badge } from "@/components/ui/badge";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { Link } from "@/components/ui/link";
import { sayMeter } from "@/components/vehicles/vehicle-words";
import { deleteMeterEntryAction } from "@/lib/meter-entries/actions";
import type { MeterEntryRow } from "@/lib/meter-entries/queries";
import type { MeterEntryVerb } from "@/lib/meter-entries/policy";
import type { MeterEntryFormProps } from "./meter-entry-form";
import { ReadingTime } from "./reading-time";

const MeterEntryForm = lazyDialog(() => import("./meter-entry-form").then((module) => module.MeterEntryForm));

function columnsOf(accountToken: string): readonly DataColumn<MeterEntryRow>[] {
  return [
    {
      id: "vehicle",
      header: "Vehicle",
      cell: (row) => (
        <Link
          href={`/${accountToken}/vehicles/${row.vehicle.id}`}
          className="cell-name w-max max-w-[220px] wrap-anywhere whitespace-normal hover:underline max-sm:w-auto max-sm:max-w-none"
        >
          {row.vehicle.name}
        </Link>
      ),
    },
    {
      id: "date",
      header: "Date",
      sortKey: "date",
      firstDirection: "desc",
      cardLabel: "Date",
      cell: ({ date, takenAt }) => <ReadingTime date={date} takenAt={takenAt} />,
    },
    {
      id: "value",
      header: "Reading",
      align: "end",
      cardLabel: "Reading",
      cell: (row) => sayMeter(row.value, row.unit),
    },
    {
      id: "meter",
      header: "Meter",
      cardLabel: "Meter",
      cell: (row) => (row.kind === "primary" ? "Main" : "Second"),
    },
    {
      id: "source",
      header: "Taken",
      cell: (row) => (row.fuelEntryId === null ? "By hand or integration" : "With a fuel entry"),
      hideOnCard: true,
    },
    {
      id: "void",
      header: "Counts",
      cell: (row) => (row.isVoid ? <Badge tone="off">Void</Badge> : <Badge tone="ok">Counts</Badge>),
    },
  ];
}

function looksOf(accountToken: string): VerbLooks<MeterEntryVerb, MeterEntryRow> {
  return {
    edit: {
      kind: "dialog",
      label: "Edit",
      icon: Pencil,
      dialog: (row, onClose) => <MeterEntryForm accountToken={accountToken} row={row} onClose={onClose} />,
    },
    delete: {
      kind: "confirm",
      label: "Delete",
      icon: Trash2,
      tone: "danger",
      ask: (row) => ({
        title: `Delete the reading of ${row.vehicle.name}?`,
        consequence: `${sayMeter(row.value, row.unit)} is gone for good, and the vehicle’s meter goes back to the reading before. To keep it without its counting, mark it as void instead.`,
        confirmLabel: "Delete meter entry",
        cancelLabel: "Keep meter entry",
        perform: () =>
          outcomeOf(deleteMeterEntryAction(accountToken, { id: row.id }), () => ({ title: "Meter entry deleted" })),
      }),
    },
  };
}

export type MeterEntriesTableProps = ListParts<MeterEntryRow> & { accountToken: string };

export function MeterEntriesTable({ accountToken, ...list }: MeterEntriesTableProps) {
  const columns = useMemo(() => columnsOf(accountToken), [accountToken]);
  const verbs = useVerbs(looksOf(accountToken), (row) => row.name);
  return <RecordTable {...list} label="Meter entries" columns={columns} verbs={verbs} isMuted={(row) => row.isVoid} />;
}

/** The button and its form. */
export function AddMeterEntry(props: Pick<MeterEntryFormProps, "accountToken" | "vehicle">) {
  return (
    <AddRecord label="Add Meter Entry" form={(onClose) => <MeterEntryForm {...props} row={null} onClose={onClose} />} />
  );
}
