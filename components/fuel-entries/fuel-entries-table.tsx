"use client";

import { Pencil, Trash2 } from "lucide-react";
import { useMemo } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { AddRecord } from "@/components/record/add-record";
import { outcomeOf } from "@/components/record/outcome";
import { RecordTable, type ListParts } from "@/components/record/record-table";
import { useVerbs, type VerbLooks } from "@/components/record/verbs";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { sayMeter } from "@/components/vehicles/vehicle-words";
import { deleteFuelEntryAction } from "@/lib/fuel-entries/actions";
import type { FuelEntryRow } from "@/lib/fuel-entries/list-fuel-entry-rows";
import type { FuelEntryVerb } from "@/lib/fuel-entries/policy";
import type { FuelEntryFormProps } from "./fuel-entry-form";
import { sayAmount, sayEconomy, sayVolume } from "./fuel-entry-words";

const FuelEntryForm = lazyDialog(() => import("./fuel-entry-form").then((module) => module.FuelEntryForm));

const UNKNOWN = <span className="text-text-3">Unknown</span>;

function Vehicle({ accountToken, row }: { accountToken: string; row: FuelEntryRow }) {
  const marks = [row.partial && "Partial", row.reset && "Reset", row.personal && "Personal"].filter(Boolean);
  return (
    <>
      <Link
        href={`/${accountToken}/vehicles/${row.vehicle.id}`}
        className="cell-name w-max max-w-[220px] wrap-anywhere whitespace-normal hover:underline max-sm:w-auto max-sm:max-w-none"
      >
        {row.vehicle.name}
      </Link>
      {marks.length > 0 && <span className="cell-sub font-normal">{marks.join(", ")}</span>}
    </>
  );
}

function columnsOf(accountToken: string): readonly DataColumn<FuelEntryRow>[] {
  return [
    { id: "vehicle", header: "Vehicle", cell: (row) => <Vehicle accountToken={accountToken} row={row} /> },
    {
      id: "date",
      header: "Date",
      sortKey: "date",
      firstDirection: "desc",
      cardLabel: "Date",
      cell: (row) => <Time value={row.date} />,
    },
    { id: "volume", header: "Volume", align: "end", cardLabel: "Volume", cell: (row) => sayVolume(row) },
    {
      id: "total",
      header: "Total",
      align: "end",
      cardLabel: "Total",
      cell: (row) => (row.totalAmount === null ? UNKNOWN : sayAmount(row.totalAmount, row.currencySymbol)),
    },
    {
      id: "meter",
      header: "Meter",
      align: "end",
      cardLabel: "Meter",
      cell: (row) =>
        row.meterValue === null
          ? UNKNOWN
          : `${sayMeter(row.meterValue, row.meterUnit)}${row.meterVoid ? " (void)" : ""}`,
    },
    {
      id: "economy",
      header: "Economy",
      align: "end",
      cardLabel: "Economy",
      cell: (row) => (row.economy === null ? UNKNOWN : sayEconomy(row.economy)),
    },
    { id: "vendor", header: "Vendor", hideOnCard: true, cell: (row) => row.vendorName ?? "" },
  ];
}

type FormGiven = Pick<FuelEntryFormProps, "accountToken" | "definitions" | "volumeUnit">;

function looksOf(given: FormGiven): VerbLooks<FuelEntryVerb, FuelEntryRow> {
  return {
    edit: {
      kind: "dialog",
      label: "Edit",
      icon: Pencil,
      dialog: (row, onClose) => <FuelEntryForm {...given} row={row} onClose={onClose} />,
    },
    delete: {
      kind: "confirm",
      label: "Delete",
      icon: Trash2,
      tone: "danger",
      ask: (row) => ({
        title: `Delete the fuel entry of ${row.vehicle.name}?`,
        consequence: `${sayVolume(row)} are gone for good, and the meter reading that came with them. The economy of the fuelling after it is told anew.`,
        confirmLabel: "Delete fuel entry",
        cancelLabel: "Keep fuel entry",
        perform: () =>
          outcomeOf(deleteFuelEntryAction(given.accountToken, { id: row.id }), () => ({ title: "Fuel entry deleted" })),
      }),
    },
  };
}

export type FuelEntriesTableProps = ListParts<FuelEntryRow> & { given: FormGiven };

export function FuelEntriesTable({ given, ...list }: FuelEntriesTableProps) {
  const { accountToken } = given;
  const columns = useMemo(() => columnsOf(accountToken), [accountToken]);
  const verbs = useVerbs(looksOf(given), (row) => row.name);
  return <RecordTable {...list} label="Fuel entries" columns={columns} verbs={verbs} />;
}

/** The button and its form. */
export function AddFuelEntry(props: Omit<FuelEntryFormProps, "row" | "onClose">) {
  return (
    <AddRecord label="Add Fuel Entry" form={(onClose) => <FuelEntryForm {...props} row={null} onClose={onClose} />} />
  );
}
