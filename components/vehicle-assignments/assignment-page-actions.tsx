"use client";

import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { AssignmentRow } from "@/lib/vehicle-assignments/list-assignment-rows";
import { useAssignmentVerbs } from "./assignment-verbs";

export interface AssignmentPageActionsProps {
  readonly accountToken: string;
  readonly definitions: readonly CustomFieldDefinition[];
  readonly assignment: AssignmentRow;
}

export function AssignmentPageActions({ accountToken, definitions, assignment }: AssignmentPageActionsProps) {
  const { pageActions, dialog } = useAssignmentVerbs({ accountToken, definitions }, "page");
  return (
    <>
      {pageActions(assignment)}
      {dialog}
    </>
  );
}
