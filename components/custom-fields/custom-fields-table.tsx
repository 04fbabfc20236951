"use client";

import { ArrowDown, ArrowUp, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { useListHref } from "@/components/data-table/list-controls";
import { Toolbar } from "@/components/data-table/toolbar";
import { noAnswer } from "@/components/form/no-answer";
import { sayNotDone } from "@/components/record/outcome";
import { IconButton } from "@/components/ui/icon-button";
import { lateDialog } from "@/components/ui/late-dialog";
import { Menu, MenuItem } from "@/components/ui/menu";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { toast } from "@/components/ui/toaster";
import type { CustomRecordType } from "@/generated/prisma/enums";
import { moveCustomFieldAction } from "@/lib/custom-fields/actions";
import { DATA_TYPE_NAMES, type CustomFieldVerb } from "@/lib/custom-fields/policy";
import type { CustomFieldRow } from "@/lib/custom-fields/queries";
import type { CustomFieldsViewProps } from "./custom-fields-view";
import { capitalised } from "@/lib/platform/name-cases";
import { customisedResource } from "@/lib/resources";

const CustomFieldDialog = lateDialog(() => import("./custom-field-dialog").then((module) => module.CustomFieldDialog));
const DeleteCustomFieldDialog = lateDialog(() =>
  import("./delete-custom-field-dialog").then((module) => module.DeleteCustomFieldDialog),
);

const ICON = { "aria-hidden": true, size: 16, strokeWidth: 1.75 } as const;

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

const VERBS: Readonly<Record<CustomFieldVerb, { label: string; icon: ReactNode; tone?: "danger" }>> = {
  moveUp: { label: "Move up", icon: <ArrowUp {...ICON} /> },
  moveDown: { label: "Move down", icon: <ArrowDown {...ICON} /> },
  edit: { label: "Edit", icon: <Pencil {...ICON} /> },
  delete: { label: "Delete", icon: <Trash2 {...ICON} />, tone: "danger" },
};

async function move(accountToken: string, row: CustomFieldRow, direction: "up" | "down"): Promise<void> {
  const answer = await moveCustomFieldAction(accountToken, { id: row.id, direction }).catch(noAnswer);
  if (answer?.ok) return toast({ title: `“${row.label}” moved ${direction}` });
  toast({
    tone: "bad",
    title: sayNotDone(answer, "Nothing was moved"),
    description: answer?.error.message ?? "The answer did not arrive. Reload the page to see where it stands.",
  });
}

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

export type CustomFieldsTableProps = CustomFieldsViewProps & {
  /** In the order in which they are offered. */
  recordTypes: readonly CustomRecordType[];
  empty: ReactNode;
};

export function CustomFieldsTable({ accountToken, record, recordTypes, index, empty }: CustomFieldsTableProps) {
  const [chosen, setChosen] = useState<{ verb: "edit" | "delete"; row: CustomFieldRow } | null>(null);
  const close = () => setChosen(null);
  const perform = (verb: CustomFieldVerb, row: CustomFieldRow) => {
    if (verb === "edit" || verb === "delete") return setChosen({ verb, row });
    void move(accountToken, row, verb === "moveUp" ? "up" : "down");
  };
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
        rowActions={(row) => (
          <Menu trigger={<IconButton label={`More actions for ${row.label}`} icon={<Ellipsis {...ICON} />} />}>
            {row.verbs.map((verb) => (
              <MenuItem key={verb} icon={VERBS[verb].icon} tone={VERBS[verb].tone} onSelect={() => perform(verb, row)}>
                {VERBS[verb].label}
              </MenuItem>
            ))}
          </Menu>
        )}
      />
      {chosen?.verb === "edit" && (
        <CustomFieldDialog
          accountToken={accountToken}
          field={chosen.row}
          record={chosen.row.recordType}
          onClose={close}
        />
      )}
      {chosen?.verb === "delete" && (
        <DeleteCustomFieldDialog accountToken={accountToken} field={chosen.row} onClose={close} />
      )}
    </>
  );
}
