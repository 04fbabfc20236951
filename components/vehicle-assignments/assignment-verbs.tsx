"use client";

import { CircleStop, Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";

import { outcomeOf } from "@/components/record/outcome";
import { useVerbs, type VerbLooks } from "@/components/record/verbs";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import { deleteVehicleAssignmentAction, endVehicleAssignmentAction } from "@/lib/vehicle-assignments/actions";
import type { AssignmentRow } from "@/lib/vehicle-assignments/list-assignment-rows";
import type { AssignmentVerb } from "@/lib/vehicle-assignments/policy";

const AssignmentForm = lazyDialog(() => import("./assignment-form").then((module) => module.AssignmentForm));

interface Look {
  readonly accountToken: string;
  readonly definitions: readonly CustomFieldDefinition[];
  readonly onDeleted: () => void;
}

function assignmentVerbLooks({ accountToken, definitions, onDeleted }: Look): VerbLooks<AssignmentVerb, AssignmentRow> {
  return {
    edit: {
      kind: "dialog",
      label: "Edit",
      icon: Pencil,
      dialog: (row, onClose) => (
        <AssignmentForm accountToken={accountToken} definitions={definitions} row={row} onClose={onClose} />
      ),
    },
    end: {
      kind: "confirm",
      label: "End now",
      icon: CircleStop,
      ask: (row) => ({
        title: `End ${row.name} now?`,
        consequence: `${row.contact.name} no longer has ${row.vehicle.name} from this moment; the assignment is kept among the past ones. The vehicle can be given to somebody else at once.`,
        confirmLabel: "End assignment",
        cancelLabel: "Keep assignment",
        perform: () =>
          outcomeOf(endVehicleAssignmentAction(accountToken, { id: row.id }), () => ({
            title: "Assignment ended",
            description: `${row.vehicle.name} is free again.`,
          })),
      }),
    },
    delete: {
      kind: "confirm",
      label: "Delete",
      icon: Trash2,
      tone: "danger",
      ask: (row) => ({
        title: `Delete ${row.name}?`,
        consequence:
          "It is gone for good, as if it had never been: nothing says any more who had the vehicle then. To keep that, end it instead.",
        confirmLabel: "Delete assignment",
        cancelLabel: "Keep assignment",
        perform: () =>
          outcomeOf(deleteVehicleAssignmentAction(accountToken, { id: row.id }), () => ({
            title: "Assignment deleted",
          })),
      }),
      onDone: onDeleted,
    },
  };
}

type VerbsLook = Omit<Look, "onDeleted">;

export function useAssignmentVerbs(look: VerbsLook, where: "list" | "page") {
  const router = useRouter();
  const onDeleted = () =>
    where === "list" ? router.refresh() : router.replace(`/${look.accountToken}/vehicle-assignments`);
  return useVerbs(assignmentVerbLooks({ ...look, onDeleted }), (row) => row.name);
}

/** On an assignment's own page. */
export function AssignmentPageActions({ assignment, ...look }: VerbsLook & { assignment: AssignmentRow }) {
  const { pageActions, dialog } = useAssignmentVerbs(look, "page");
  return (
    <>
      {pageActions(assignment)}
      {dialog}
    </>
  );
}
