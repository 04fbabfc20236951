"use client";

import { useMemo } from "react";

import { RecordTable, type ListParts } from "@/components/record/record-table";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { AssignmentRow } from "@/lib/vehicle-assignments/list-assignment-rows";
import { assignmentColumns } from "./assignment-columns";
import { useAssignmentVerbs } from "./assignment-verbs";

export type AssignmentsTableProps = ListParts<AssignmentRow> & {
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
