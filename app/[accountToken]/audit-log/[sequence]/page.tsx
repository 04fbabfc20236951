import type { Metadata } from "next";
import { cache } from "react";

import { recordAt } from "@/app/[accountToken]/record-at";
import { EntryPage } from "@/components/audit-log/entry-page";
import { getEntry } from "@/lib/audit-log/entries";
import { requirePermit } from "@/lib/entry/page";

interface PageProps {
  params: Promise<{ accountToken: string; sequence: string }>;
}

/** The entry behind the address, once per request; anything that is no entry of this account is a 404. */
const entryAt = cache(async (accountToken: string, sequence: string) => {
  const permit = await requirePermit(accountToken, "auditLog.read");
  return recordAt(sequence, (number) => getEntry(permit, number));
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, sequence } = await params;
  return { title: `Entry ${(await entryAt(accountToken, sequence)).sequence}` };
}

export default async function AuditEntryPage({ params }: PageProps) {
  const { accountToken, sequence } = await params;
  return <EntryPage accountToken={accountToken} entry={await entryAt(accountToken, sequence)} />;
}
