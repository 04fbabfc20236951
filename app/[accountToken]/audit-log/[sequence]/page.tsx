import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { EntryPage } from "@/components/audit-log/entry-page";
import { getEntry } from "@/lib/audit-log/entries";
import { requirePermit } from "@/lib/auth/session";
import { DomainError } from "@/lib/platform/errors";

interface PageProps {
  params: Promise<{ accountToken: string; sequence: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { sequence } = await params;
  return { title: `Entry ${/^\d{1,10}$/.test(sequence) ? sequence : ""}` };
}

const INT4_MAX = 2_147_483_647;

export default async function AuditEntryPage({ params }: PageProps) {
  const { accountToken, sequence } = await params;
  const permit = await requirePermit(accountToken, "auditLog.read");
  if (!/^[1-9]\d{0,9}$/.test(sequence) || Number(sequence) > INT4_MAX) notFound();
  try {
    return <EntryPage accountToken={permit.account.token} entry={await getEntry(permit, Number(sequence))} />;
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
}
