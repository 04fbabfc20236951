"use client";

import { Archive, ArchiveRestore, Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";

import { outcomeOf } from "@/components/record/outcome";
import { useVerbs, type Verbs, type VerbLooks, type VerbRow } from "@/components/record/verbs";
import type { ActionResult } from "@/lib/entry/action";

type ArchivableVerb = "edit" | "archive" | "restore" | "delete";

export type ArchivableRow = VerbRow<ArchivableVerb> & { readonly id: number; readonly name: string };

type Act = (accountToken: string, input: { id: number }) => Promise<ActionResult<unknown>>;

export type ArchivableRecords<Row extends ArchivableRow> = {
  accountToken: string;
  /** What one is called: "vehicle". Its pages stand under the plural of it. */
  noun: string;
  acts: { readonly archive: Act; readonly restore: Act; readonly delete: Act };
  /** What each does, in the user's terms. */
  consequences: { readonly archive: string; readonly restore: string; readonly delete: string };
  /** The form in which one is edited, above the list or the page; left out = it has a page of its own. */
  form?: (row: Row, onClose: () => void) => ReactNode;
};

function confirming<Row extends ArchivableRow>(
  { accountToken, noun, acts, consequences }: ArchivableRecords<Row>,
  verb: "archive" | "restore" | "delete",
  words: { title: string; done: string; cancelLabel: string },
) {
  return {
    kind: "confirm" as const,
    label: words.title,
    ask: (row: ArchivableRow) => ({
      title: `${words.title} “${row.name}”?`,
      consequence: consequences[verb],
      confirmLabel: `${words.title} ${noun}`,
      cancelLabel: words.cancelLabel,
      perform: () =>
        outcomeOf(acts[verb](accountToken, { id: row.id }), () => ({ title: `“${row.name}” ${words.done}` })),
    }),
  };
}

/** What is done with records that can be archived, in their list and on their own pages. */
export function useArchivableVerbs<Row extends ArchivableRow>(
  records: ArchivableRecords<Row>,
  where: "list" | "page",
): Verbs<Row> {
  const router = useRouter();
  const base = `/${records.accountToken}/${records.noun}s`;
  const keep = `Keep ${records.noun}`;
  const { form } = records;
  const looks: VerbLooks<ArchivableVerb, Row> = {
    edit: {
      label: "Edit",
      icon: Pencil,
      ...(form ? { kind: "dialog", dialog: form } : { kind: "link", href: (row) => `${base}/${row.id}/edit` }),
    },
    archive: {
      icon: Archive,
      ...confirming(records, "archive", { title: "Archive", done: "archived", cancelLabel: keep }),
    },
    restore: {
      icon: ArchiveRestore,
      ...confirming(records, "restore", { title: "Restore", done: "restored", cancelLabel: "Cancel" }),
    },
    delete: {
      icon: Trash2,
      tone: "danger",
      ...confirming(records, "delete", { title: "Delete", done: "deleted", cancelLabel: keep }),
      // On its own page the record is gone: that page would be none.
      onDone: () => (where === "list" ? router.refresh() : router.replace(base)),
    },
  };
  return useVerbs(looks, (row) => row.name);
}
