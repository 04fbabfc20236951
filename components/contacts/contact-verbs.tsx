"use client";

import { useArchivableVerbs, type ArchivableRow } from "@/components/record/archivable-verbs";
import { archiveContactAction, deleteContactAction, restoreContactAction } from "@/lib/contacts/actions";

const ACTS = { archive: archiveContactAction, restore: restoreContactAction, delete: deleteContactAction };
const CONSEQUENCES = {
  archive: "The contact leaves the list of current contacts; assignments are kept. You can restore it at any time.",
  restore: "The contact comes back to the list of current contacts.",
  delete:
    "The contact is gone for good. Only one that was never assigned to a vehicle can be deleted; archive one that was.",
};

export function useContactVerbs(accountToken: string, where: "list" | "page") {
  return useArchivableVerbs({ accountToken, noun: "contact", acts: ACTS, consequences: CONSEQUENCES }, where);
}

/** On a contact's own page. */
export function ContactPageActions({ accountToken, contact }: { accountToken: string; contact: ArchivableRow }) {
  const { pageActions, dialog } = useContactVerbs(accountToken, "page");
  return (
    <>
      {pageActions(contact)}
      {dialog}
    </>
  );
}
