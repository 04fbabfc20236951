import type { ReactNode } from "react";

import { recordNamed } from "@/components/audit-log/entry-words";
import { countText } from "@/components/data-table/list-href";
import { RecordSection, SectionLink } from "@/components/record/record-section";
import { RelatedList } from "@/components/record/related-list";
import { PageHead } from "@/components/shell/page-head";
import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import type { EntryRow } from "@/lib/audit-log/entries";
import type { CurrentAssignment, Few, StatusCount, TroubledWebhook } from "@/lib/dashboard/queries";

export interface DashboardViewProps {
  /** Where the space's pages are; null for one that does not exist or that the viewer may not open. */
  readonly hrefs: Readonly<Record<"vehicles" | "assignments" | "apiKeys" | "webhooks" | "auditLog", string | null>>;
  readonly vehicles: readonly StatusCount[];
  readonly assignments: Few<CurrentAssignment>;
  readonly expiring: Few<ApiKeyRow>;
  /** Null for whoever may not see webhooks. */
  readonly webhooks: Few<TroubledWebhook> | null;
  /** Null for whoever may not read the audit log. */
  readonly entries: readonly EntryRow[] | null;
  readonly now: string;
}

/** What a customer's people see first: how the fleet stands, and what wants to be done. */
export function DashboardView(props: DashboardViewProps) {
  return (
    <>
      <PageHead title="Dashboard" purpose="How the fleet stands, and what needs somebody soon." />
      <div className="grid gap-8 lg:grid-cols-2">
        <Vehicles {...props} />
        <Assignments {...props} />
        <Expiring {...props} />
        <Webhooks {...props} />
        <Recent {...props} />
      </div>
    </>
  );
}

function leadingTo(href: string | null, label: string): ReactNode {
  return href === null ? null : <SectionLink href={href}>{label}</SectionLink>;
}

function Vehicles({ vehicles, hrefs }: DashboardViewProps) {
  const there = vehicles.filter(({ count }) => count > 0);
  return (
    <RecordSection id="vehicles" title="Vehicles by status" aside={leadingTo(hrefs.vehicles, "All vehicles")}>
      <RelatedList
        items={there.map(({ id, name, count }) => ({
          key: id,
          main:
            hrefs.vehicles === null ? (
              name
            ) : (
              <Link href={`${hrefs.vehicles}?status=${id}`} className="hover:underline">
                {name}
              </Link>
            ),
          aside: <span className="tabular-nums">{countText(count)}</span>,
        }))}
        empty="No vehicles yet. Add the first under Vehicles, or let an integration with the scope vehicles.write bring them."
      />
    </RecordSection>
  );
}

function Assignments({ assignments, hrefs, now }: DashboardViewProps) {
  const { count, items } = assignments;
  return (
    <RecordSection
      id="assignments"
      title="Current assignments"
      aside={leadingTo(hrefs.assignments, count > items.length ? `All ${countText(count)}` : "All assignments")}
    >
      <RelatedList
        items={items.map(({ id, vehicle, driver, startedAt }) => ({
          key: id,
          main:
            hrefs.assignments === null ? (
              vehicle
            ) : (
              <Link href={`${hrefs.assignments}/${id}`} className="hover:underline">
                {vehicle}
              </Link>
            ),
          sub: driver,
          aside:
            startedAt === null ? null : (
              <>
                Started <Time value={startedAt} style="relative" now={now} />
              </>
            ),
        }))}
        empty="Nobody is assigned to a vehicle at the moment."
      />
    </RecordSection>
  );
}

function Expiring({ expiring, hrefs }: DashboardViewProps) {
  const { count, items } = expiring;
  const all = hrefs.apiKeys && `${hrefs.apiKeys}?status=expiring`;
  return (
    <RecordSection
      id="expiring"
      title="API keys expiring soon"
      aside={leadingTo(all, count > items.length ? `All ${countText(count)}` : "All of them")}
    >
      <RelatedList
        items={items.map(({ id, name, prefix, expiresAt }) => ({
          key: id,
          main: (
            <Link href={`${hrefs.apiKeys}/${id}`} className="font-medium hover:underline">
              {name}
            </Link>
          ),
          sub: <span className="font-mono">{prefix}…</span>,
          aside: <Time value={expiresAt} />,
        }))}
        empty="No key expires soon: there is nothing to do."
      />
    </RecordSection>
  );
}

function Webhooks({ webhooks, hrefs, now }: DashboardViewProps) {
  if (webhooks === null) return null;
  const { count, items } = webhooks;
  return (
    <RecordSection
      id="webhooks"
      title="Failing webhooks"
      aside={leadingTo(hrefs.webhooks, count > items.length ? `All ${count}` : "All webhooks")}
    >
      <RelatedList
        items={items.map(({ id, url, since, isDisabled, isSecretLost }) => ({
          key: id,
          main: (
            <Link href={`${hrefs.webhooks}/${id}`} className="font-medium hover:underline">
              {url}
            </Link>
          ),
          sub: (
            <>
              {isSecretLost ? "Disabled, as its secret was lost" : isDisabled ? "Disabled by itself" : "First failure"}{" "}
              <Time value={since} style="relative" now={now} />
            </>
          ),
          aside: isDisabled ? <Badge tone="off">Disabled</Badge> : <Badge tone="bad">Failing</Badge>,
        }))}
        empty="No webhook fails: whatever is sent arrives."
      />
    </RecordSection>
  );
}

function Recent({ entries, hrefs, now }: DashboardViewProps) {
  if (entries === null) return null;
  return (
    <RecordSection id="recent" title="Recent audit entries" aside={leadingTo(hrefs.auditLog, "Audit log")}>
      <RelatedList
        items={entries.map((entry) => ({
          key: entry.sequence,
          main: (
            <Link href={`${hrefs.auditLog}/${entry.sequence}`} className="hover:underline">
              {`${entry.actorName} ${entry.says}`}
            </Link>
          ),
          sub: recordNamed(entry),
          aside: <Time value={entry.occurredAt} style="relative" now={now} />,
        }))}
        empty="Nothing has been recorded yet. What people and keys change stands here."
      />
    </RecordSection>
  );
}
