"use client";

import type { ReactNode } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { useListHref } from "@/components/data-table/list-controls";
import { Toolbar } from "@/components/data-table/toolbar";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import type { CustomRecordType } from "@/generated/prisma/enums";
import { DATA_TYPE_NAMES } from "@/lib/custom-fields/policy";
import type { CustomFieldIndex, CustomFieldRow } from "@/lib/custom-fields/queries";
import { useCustomFieldVerbs } from "./custom-field-verbs";
import { capitalised } from "@/lib/platform/name-cases";
import { customisedResource } from "@/lib/resources";

const COLUMNS: readonly DataColumn<CustomFieldRow>[] = [
  {
    id: "label",
    header: "Label",
    cell: (row) => (
      <>
        <span className="block font-medium wrap-anywhere">{row.label}</span>
        <span className="font-mono text-12 font-normal wrap-anywhere text-text-3">{row.key}</span>
      </>
    ),
  },
  {
    id: "record",
    header: "Record type",
    cardLabel: "Record type",
    cell: (row) => capitalised(customisedResource(row.recordType).one),
  },
  {
    id: "type",
    header: "Data type",
    cardLabel: "Data type",
    cell: (row) => (
      <>
        {DATA_TYPE_NAMES[row.dataType]}
        {row.choices.length > 0 && (
          <span className="block max-w-[36ch] truncate text-12 text-text-3">{row.choices.join(", ")}</span>
        )}
      </>
    ),
  },
  {
    id: "required",
    header: "Required",
    cardLabel: "Required",
    cell: (row) => (row.required ? "Yes" : "No"),
  },
];

function RecordTypes({ record, recordTypes, index }: Pick<CustomFieldsTableProps, "record" | "recordTypes" | "index">) {
  const href = useListHref();
  const all = Object.values(index.counts).reduce((sum, count) => sum + count, 0);
  return (
    <Toolbar
      segments={
        <SegmentedLinks
          label="Record type"
          segments={[
            { label: "All", count: all, href: href({ record: null }), current: record === null },
            ...recordTypes.map((type) => ({
              label: capitalised(customisedResource(type).many),
              count: index.counts[type],
              href: href({ record: type }),
              current: record === type,
            })),
          ]}
        />
      }
    />
  );
}

export interface CustomFieldsTableProps {
  readonly accountToken: string;
  /** The record type shown; null = all. */
  readonly record: CustomRecordType | null;
  /** In the order in which they are offered. */
  readonly recordTypes: readonly CustomRecordType[];
  readonly index: CustomFieldIndex;
  readonly empty: ReactNode;
}

export function CustomFieldsTable({ accountToken, record, recordTypes, index, empty }: CustomFieldsTableProps) {
  const verbs = useCustomFieldVerbs(accountToken);
  return (
    <>
      <DataTable
        label="Custom fields"
        columns={COLUMNS}
        rows={index.rows}
        rowId={(row) => String(row.id)}
        rowName={(row) => row.label}
        toolbar={<RecordTypes record={record} recordTypes={recordTypes} index={index} />}
        empty={empty}
        rowActions={verbs.rowMenu}
      />
      {verbs.dialog}
    </>
  );
}
