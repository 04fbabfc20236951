"use client";

import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";

import { noAnswer } from "@/components/form/no-answer";
import { sayNotDone } from "@/components/record/outcome";
import { useVerbs, type VerbLooks } from "@/components/record/verbs";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { toast } from "@/components/ui/toaster";
import { moveCustomFieldAction } from "@/lib/custom-fields/actions";
import type { CustomFieldVerb } from "@/lib/custom-fields/policy";
import type { CustomFieldRow } from "@/lib/custom-fields/queries";

const CustomFieldDialog = lazyDialog(() => import("./custom-field-dialog").then((module) => module.CustomFieldDialog));
const DeleteCustomFieldDialog = lazyDialog(() =>
  import("./delete-custom-field-dialog").then((module) => module.DeleteCustomFieldDialog),
);

async function move(accountToken: string, row: CustomFieldRow, direction: "up" | "down"): Promise<void> {
  const answer = await moveCustomFieldAction(accountToken, { id: row.id, direction }).catch(noAnswer);
  if (answer?.ok) return toast({ title: `“${row.label}” moved ${direction}` });
  toast({
    tone: "bad",
    title: sayNotDone(answer, "Nothing was moved"),
    description: answer?.error.message ?? "The answer did not arrive. Reload the page to see where it stands.",
  });
}

/** What is done with custom fields. */
export function useCustomFieldVerbs(accountToken: string) {
  const looks: VerbLooks<CustomFieldVerb, CustomFieldRow> = {
    moveUp: { kind: "act", label: "Move up", icon: ArrowUp, act: (row) => void move(accountToken, row, "up") },
    moveDown: { kind: "act", label: "Move down", icon: ArrowDown, act: (row) => void move(accountToken, row, "down") },
    edit: {
      kind: "dialog",
      label: "Edit",
      icon: Pencil,
      dialog: (row, onClose) => (
        <CustomFieldDialog accountToken={accountToken} field={row} record={row.recordType} onClose={onClose} />
      ),
    },
    delete: {
      kind: "dialog",
      label: "Delete",
      icon: Trash2,
      tone: "danger",
      dialog: (row, onClose) => <DeleteCustomFieldDialog accountToken={accountToken} field={row} onClose={onClose} />,
    },
  };
  return useVerbs(looks, (row) => row.label);
}
