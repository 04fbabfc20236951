"use client";

import { useMemo } from "react";

import { ListTable, type ListTableProps } from "@/components/data-table/list-table";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { AssignmentRow } from "@/lib/vehicle-assignments/assignment-rows";
import { assignmentColumns } from "./assignment-columns";
import { useAssignmentVerbs } from "./assignment-verbs";

export type AssignmentsTableProps = Pick<
  ListTableProps<AssignmentRow>,
  "page" | "summary" | "sort" | "toolbar" | "empty"
> & { accountToken: string; definitions: readonly CustomFieldDefinition[] };

export function AssignmentsTable({ accountToken, definitions, ...list }: AssignmentsTableProps) {
  const columns = useMemo(() => assignmentColumns(accountToken), [accountToken]);
  const { rowMenu, dialog } = useAssignmentVerbs({ accountToken, definitions }, "list");
  return (
    <>
      <ListTable
        {...list}
        label="Vehicle assignments"
        columns={columns}
        rowId={(row) => String(row.id)}
        rowName={(row) => row.name}
        isMuted={(row) => row.state === "past"}
        rowActions={rowMenu}
      />
      {dialog}
    </>
  );
}
