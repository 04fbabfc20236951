"use client";

import { useMemo, useState } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { ListControls, type ListFilter } from "@/components/data-table/list-controls";
import { countText } from "@/components/data-table/list-href";
import { RecordTable } from "@/components/record/record-table";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { useLivePage } from "@/components/ui/use-live-page";
import type { DeliveryList, DeliveryRow } from "@/lib/webhooks/deliveries/queries";
import { DELIVERY_STATUSES } from "@/lib/webhooks/policy";
import type { DeliveryListQuery } from "@/lib/webhooks/schema";
import { NextAttempt, sayAnswer } from "./delivery-facts";
import { useDeliveryVerbs } from "./delivery-verbs";
import { DeliveryBadge, deliveryWord } from "./webhook-words";

const LOOK_EVERY_MS = 3000;

export interface DeliveriesTableProps {
  readonly accountToken: string;
  /** Of the webhook. */
  readonly href: string;
  readonly list: DeliveryList;
  readonly query: DeliveryListQuery;
  /** The events to filter by. */
  readonly events: readonly string[];
}

function deliveryColumns(href: string, now: string): readonly DataColumn<DeliveryRow>[] {
  return [
    {
      id: "event",
      header: "Event",
      cell: (row) => (
        <>
          <Link
            href={`${href}/deliveries/${row.id}`}
            prefetch={false}
            className="block font-mono text-13 font-medium hover:underline"
          >
            {row.event}
          </Link>
          <span className="cell-sub">
            {row.isTest ? "Test, " : ""}
            <Time value={row.createdAt} style="relative" now={now} />
          </span>
        </>
      ),
    },
    {
      id: "status",
      header: "Status",
      className: "w-full max-w-0 min-w-[180px] max-sm:max-w-none max-sm:min-w-0",
      cell: (row) => (
        <>
          <DeliveryBadge status={row.status} />
          <span className="cell-sub min-h-4 truncate max-sm:whitespace-normal">{sayAnswer(row)}</span>
        </>
      ),
    },
    {
      id: "attempts",
      header: "Attempts",
      cardLabel: "Attempts",
      align: "end",
      cell: (row) => <span className="tabular-nums">{row.attempts}</span>,
    },
    {
      id: "lastSent",
      header: "Last sent",
      cardLabel: "Last sent",
      className: "min-w-[132px] max-sm:min-w-0",
      cell: (row) => <Time value={row.lastSentAt} style="relative" now={now} never="Not yet" />,
    },
    {
      id: "next",
      header: "Next attempt",
      cardLabel: "Next attempt",
      className: "min-w-[132px] max-sm:min-w-0",
      cell: (row) => <NextAttempt row={row} now={now} />,
    },
  ];
}

/** What became of deliveries that were already there when the page was read before. */
function sayChanges(before: readonly DeliveryRow[], after: readonly DeliveryRow[]): string {
  const known = new Map(before.map((row) => [row.id, row.status]));
  const changed = after.filter(({ id, status }) => known.has(id) && known.get(id) !== status);
  if (changed.length > 3) return `${changed.length} deliveries changed`;
  return changed.map(({ event, status }) => `${event}: ${deliveryWord(status)}`).join(", ");
}

/** Tells screen readers what the page that renews itself has changed. */
function useChanges(rows: readonly DeliveryRow[]): string {
  const [known, setKnown] = useState({ rows, said: "" });
  if (known.rows === rows) return known.said;
  const said = sayChanges(known.rows, rows);
  setKnown({ rows, said: said === "" ? known.said : said });
  return said;
}

function Toolbar({ list: { counts }, query, events }: DeliveriesTableProps) {
  const byEvent: ListFilter = {
    id: "event",
    label: "Event",
    options: events.map((name) => ({ value: name, label: name })),
    value: query.event,
  };
  const statuses = DELIVERY_STATUSES.map((status) => ({
    value: status,
    label: deliveryWord(status),
    count: countText(counts[status]),
  }));
  return (
    <ListControls
      status={query.status}
      statuses={[{ value: null, label: "All", count: countText(counts.all) }, ...statuses]}
      filters={[byEvent]}
    />
  );
}

/** A webhook's deliveries, which renew themselves while somebody looks. */
export function DeliveriesTable(props: DeliveriesTableProps) {
  const { accountToken, href, list, query } = props;
  const columns = useMemo(() => deliveryColumns(href, list.now), [href, list.now]);
  const verbs = useDeliveryVerbs(accountToken);
  const changes = useChanges(list.rows);
  useLivePage(LOOK_EVERY_MS);
  const count = list.counts[query.status ?? "all"];
  const narrowed = query.status !== null || query.event !== null;
  return (
    <>
      <RecordTable
        page={list}
        label="Deliveries"
        columns={columns}
        verbs={verbs}
        summary={`${countText(count)} ${count === 1 ? "delivery" : "deliveries"}`}
        toolbar={narrowed || count > 0 ? <Toolbar {...props} /> : null}
        empty={
          narrowed ? (
            <EmptyState title="No delivery matches">Choose another status or event, or clear the filters.</EmptyState>
          ) : (
            <EmptyState title="No deliveries yet">
              The next of its events shows up here by itself. Send a test event to try the receiver.
            </EmptyState>
          )
        }
      />
      <div role="status" className="sr-only">
        {changes}
      </div>
    </>
  );
}
