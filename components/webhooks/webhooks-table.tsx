"use client";

import dynamic from "next/dynamic";
import { useMemo, useState } from "react";

import type { Space } from "@/components/api-keys/space";
import type { DataColumn } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Badge } from "@/components/ui/badge";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Time } from "@/components/ui/time";
import { toast } from "@/components/ui/toaster";
import type { WebhookVerb } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";
import type { ResumeQuery } from "@/lib/webhooks/schema";
import { ROW_ACTIONS, WebhookRowActions, type Confirmation } from "./webhook-row-actions";

const WebhookDialog = dynamic(() => import("./webhook-dialog").then((module) => module.WebhookDialog));
const SecretDialog = dynamic(() => import("./secret-dialogs").then((module) => module.SecretDialog));

const DISABLED_REASONS = {
  by_hand: "by hand",
  gone: "the receiver answered 410 Gone",
  failing: "nothing but failures for 5 days",
} as const;

const DELIVERIES = {
  pending: { tone: "warn", label: "Pending" },
  delivered: { tone: "ok", label: "Delivered" },
  failed: { tone: "bad", label: "Failed" },
  canceled: { tone: "off", label: "Canceled" },
} as const;

function Status({ row, now }: { row: WebhookRow; now: string }) {
  if (row.disabled) {
    return (
      <>
        <Badge tone="off">Disabled</Badge>
        <span className="block text-12 whitespace-normal text-text-3">
          {DISABLED_REASONS[row.disabled.reason]}, <Time value={row.disabled.at} style="relative" now={now} />
        </span>
      </>
    );
  }
  if (row.failingSince === null) return <Badge tone="ok">Enabled</Badge>;
  return (
    <>
      <Badge tone="bad">Failing</Badge>
      <span className="block text-12 text-text-3">
        since <Time value={row.failingSince} style="relative" now={now} />
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
  const { tone, label } = DELIVERIES[lastDelivery.status];
  return (
    <>
      <Badge tone={tone}>{label}</Badge>
      <span className="block text-12 text-text-3">
        <Time value={lastDelivery.at} style="relative" now={now} />
      </span>
    </>
  );
}

function webhookColumns(now: string): readonly DataColumn<WebhookRow>[] {
  return [
    {
      id: "url",
      header: "URL",
      cell: (row) => (
        <>
          <span className="block font-medium whitespace-normal wrap-anywhere">{row.url}</span>
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

interface Chosen {
  readonly verb: WebhookVerb;
  readonly row: WebhookRow;
}

function resumed({ rows, resume }: WebhooksTableProps): Chosen | null {
  const row = rows.find(({ id }) => id === resume.id);
  return row && resume.resume && row.verbs.includes(resume.resume) ? { verb: resume.resume, row } : null;
}

export function WebhooksTable(props: WebhooksTableProps) {
  const { space, rows, now } = props;
  const columns = useMemo(() => webhookColumns(now), [now]);
  const [chosen, setChosen] = useState<Chosen | null>(() => resumed(props));
  return (
    <>
      <DataTable
        label="Webhooks"
        columns={columns}
        rows={rows}
        rowId={(row) => String(row.id)}
        rowName={(row) => row.url}
        isMuted={(row) => !row.enabled}
        rowActions={(row) => <WebhookRowActions row={row} onChoose={(verb) => setChosen({ verb, row })} />}
      />
      {chosen && <VerbDialog key={chosen.verb} space={space} chosen={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}

interface VerbDialogProps {
  readonly space: Space;
  readonly chosen: Chosen;
  readonly onClose: () => void;
}

/** Whatever dialog the chosen verb needs. */
function VerbDialog({ space, chosen: { verb, row }, onClose }: VerbDialogProps) {
  const action = ROW_ACTIONS[verb];
  if (action.kind === "confirm") return <ConfirmVerb space={space} row={row} confirmation={action} onClose={onClose} />;
  if (verb === "viewSecret" || verb === "rotateSecret")
    return <SecretDialog space={space} verb={verb} row={row} onClose={onClose} />;
  return <WebhookDialog space={space} row={row} onClose={onClose} />;
}

interface ConfirmVerbProps extends Omit<VerbDialogProps, "chosen"> {
  readonly row: WebhookRow;
  readonly confirmation: Confirmation;
}

function ConfirmVerb({ space, row, confirmation, onClose }: ConfirmVerbProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { title, consequence, confirmLabel, cancelLabel, tone, perform } = confirmation;
  const confirm = async () => {
    setBusy(true);
    setError(null);
    const outcome = await perform(space.token, row);
    setBusy(false);
    if ("refused" in outcome) return setError(outcome.refused);
    toast(outcome.toast);
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={title}
      consequence={
        <>
          <strong className="block font-medium wrap-anywhere text-text">{row.url}</strong>
          {consequence}
        </>
      }
      confirmLabel={confirmLabel}
      cancelLabel={cancelLabel}
      tone={tone}
      busy={busy}
      error={error}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    />
  );
}
