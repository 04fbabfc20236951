import type { Metadata } from "next";

import { AuditLogView } from "@/components/audit-log/audit-log-view";
import { listActions, listActors, listEntries, recordName } from "@/lib/audit-log/entries";
import { auditListQuery } from "@/lib/audit-log/schema";
import { chainState } from "@/lib/audit-log/verifications";
import { requirePermit } from "@/lib/entry/page";
import { stuckMail } from "@/lib/notifications/queries";

export const metadata: Metadata = { title: "Audit log" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AuditLogPage({ params, searchParams }: PageProps) {
  const permit = await requirePermit((await params).accountToken, "auditLog.read");
  const query = auditListQuery.parse(await searchParams);
  const [list, chain, actors, actions, name, stuck] = await Promise.all([
    listEntries(permit, query),
    chainState(permit),
    listActors(permit),
    listActions(permit),
    query.record === null ? Promise.resolve(null) : recordName(permit, { record: query.record }),
    stuckMail(permit),
  ]);
  return (
    <AuditLogView
      accountToken={permit.account.token}
      query={query}
      list={list}
      chain={chain}
      actors={actors}
      actions={actions}
      recordName={name}
      stuckMail={stuck}
    />
  );
}
