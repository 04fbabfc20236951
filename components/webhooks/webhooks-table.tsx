"use client";

import { useMemo } from "react";

import type { Space } from "@/components/api-keys/space";
import type { DataColumn } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { WebhookRow } from "@/lib/webhooks/queries";
import type { ResumeQuery } from "@/lib/webhooks/schema";
import { useWebhookVerbs } from "./webhook-verbs";
import { DeliveryBadge, WebhookBadge, WebhookTrouble } from "./webhook-words";

function Status({ row, now }: { row: WebhookRow; now: string }) {
  return (
    <>
      <WebhookBadge row={row} />
      <span className="block text-12 whitespace-normal text-text-3">
        <WebhookTrouble row={row} now={now} />
      </span>
    </>
  );
}

function Events({ row }: { row: WebhookRow }) {
  if (row.allEvents) return <>All</>;
  const [first, ...rest] = row.events;
  return (
    <>
      <span className="font-mono text-12">{first}</span>
      {rest.length > 0 && <span className="text-12 text-text-3"> and {rest.length} more</span>}
    </>
  );
}

function LastDelivery({ row, now }: { row: WebhookRow; now: string }) {
  const { lastDelivery } = row;
  if (lastDelivery === null) return <span className="text-text-3">None yet</span>;
  return (
    <>
      <DeliveryBadge status={lastDelivery.status} />
      <span className="block text-12 text-text-3">
        <Time value={lastDelivery.at} style="relative" now={now} />
      </span>
    </>
  );
}

function webhookColumns(accountToken: string, now: string): readonly DataColumn<WebhookRow>[] {
  return [
    {
      id: "url",
      header: "URL",
      cell: (row) => (
        <>
          <Link
            href={`/${accountToken}/webhooks/${row.id}`}
            prefetch={false}
            className="block font-medium whitespace-normal wrap-anywhere hover:underline"
          >
            {row.url}
          </Link>
          {row.description !== "" && (
            <span className="text-12 font-normal whitespace-normal wrap-anywhere text-text-3">{row.description}</span>
          )}
        </>
      ),
    },
    { id: "status", header: "Status", cell: (row) => <Status row={row} now={now} /> },
    { id: "events", header: "Events", cardLabel: "Events", cell: (row) => <Events row={row} /> },
    {
      id: "last",
      header: "Last delivery",
      cardLabel: "Last delivery",
      cell: (row) => <LastDelivery row={row} now={now} />,
    },
    { id: "version", header: "API version", hideOnCard: true, cell: (row) => row.apiVersion },
  ];
}

export interface WebhooksTableProps {
  readonly space: Space;
  readonly rows: readonly WebhookRow[];
  readonly now: string;
  readonly resume: ResumeQuery;
}

function resumed({ rows, resume }: WebhooksTableProps) {
  const row = rows.find(({ id }) => id === resume.id);
  return row && resume.resume ? { verb: resume.resume, row } : null;
}

export function WebhooksTable(props: WebhooksTableProps) {
  const { space, rows, now } = props;
  const columns = useMemo(() => webhookColumns(space.token, now), [space.token, now]);
  const verbs = useWebhookVerbs(space, resumed(props));
  return (
    <>
      <DataTable
        label="Webhooks"
        columns={columns}
        rows={rows}
        rowId={(row) => String(row.id)}
        rowName={(row) => row.url}
        isMuted={(row) => !row.enabled}
        rowActions={verbs.rowMenu}
      />
      {verbs.dialog}
    </>
  );
}
