"use client";

import type { ArchivableRow } from "@/components/record/archivable-verbs";
import { useContactVerbs } from "./contact-verbs";

export function ContactPageActions({ accountToken, contact }: { accountToken: string; contact: ArchivableRow }) {
  const { pageActions, dialog } = useContactVerbs(accountToken, "page");
  return (
    <>
      {pageActions(contact)}
      {dialog}
    </>
  );
}
