import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";

import { EntryPage } from "@/components/audit-log/entry-page";
import { getEntry } from "@/lib/audit-log/entries";
import { requirePermit } from "@/lib/auth/session";
import { DomainError } from "@/lib/platform/errors";

interface PageProps {
  params: Promise<{ accountToken: string; sequence: string }>;
}

const INT4_MAX = 2_147_483_647;

/** The entry behind the address, once per request; anything that is no entry of this account is a 404. */
const entryAt = cache(async (accountToken: string, sequence: string) => {
  const permit = await requirePermit(accountToken, "auditLog.read");
  if (!/^[1-9]\d{0,9}$/.test(sequence) || Number(sequence) > INT4_MAX) notFound();
  try {
    return await getEntry(permit, Number(sequence));
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, sequence } = await params;
  return { title: `Entry ${(await entryAt(accountToken, sequence)).sequence}` };
}

export default async function AuditEntryPage({ params }: PageProps) {
  const { accountToken, sequence } = await params;
  return <EntryPage accountToken={accountToken} entry={await entryAt(accountToken, sequence)} />;
}
