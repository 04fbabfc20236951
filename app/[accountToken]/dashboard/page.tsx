import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { pageHref } from "@/app/[accountToken]/space-sections";
import { DashboardView } from "@/components/dashboard/dashboard-view";
import { listApiKeys } from "@/lib/api-keys/queries";
import { apiKeyListQuery } from "@/lib/api-keys/schema";
import { listEntries } from "@/lib/audit-log/entries";
import { auditListQuery } from "@/lib/audit-log/schema";
import { mayDo } from "@/lib/auth/permit";
import { requirePermit } from "@/lib/entry/page";
import { countVehiclesByStatus, listCurrentAssignments, listTroubledWebhooks } from "@/lib/dashboard/queries";

export const metadata: Metadata = { title: "Dashboard" };

/** What the dashboard lists at most of anything. */
const LISTED = 5;

export default async function DashboardPage({ params }: { params: Promise<{ accountToken: string }> }) {
  const { accountToken } = await params;
  const keysPermit = await requirePermit(accountToken, "apiKeys.read");
  const { account, actor } = keysPermit;
  if (account.kind !== "customer") notFound();
  const auditor = mayDo(actor, "auditLog.read") ? await requirePermit(accountToken, "auditLog.read") : null;
  const seesWebhooks = mayDo(actor, "webhooks.read");
  const [vehicles, assignments, keys, webhooks, entries] = await Promise.all([
    countVehiclesByStatus(await requirePermit(accountToken, "vehicles.read")),
    listCurrentAssignments(await requirePermit(accountToken, "vehicleAssignments.read")),
    listApiKeys(keysPermit, apiKeyListQuery.parse({ status: "expiring", sort: "expires", direction: "asc" })),
    seesWebhooks ? listTroubledWebhooks(await requirePermit(accountToken, "webhooks.read")) : null,
    auditor && listEntries(auditor, auditListQuery.parse({})),
  ]);
  return (
    <DashboardView
      hrefs={{
        vehicles: pageHref(account, actor, "vehicles"),
        assignments: pageHref(account, actor, "vehicle-assignments"),
        apiKeys: pageHref(account, actor, "api-keys"),
        webhooks: pageHref(account, actor, "webhooks"),
        auditLog: pageHref(account, actor, "audit-log"),
      }}
      vehicles={vehicles}
      assignments={assignments}
      expiring={{ count: keys.counts.expiring, items: keys.rows.slice(0, LISTED) }}
      webhooks={webhooks}
      entries={entries && entries.rows.slice(0, LISTED)}
      now={keys.now}
    />
  );
}
