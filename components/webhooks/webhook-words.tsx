import { Badge } from "@/components/ui/badge";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { FAILING_DAYS, type DeliveryStatus } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";

const DISABLED_REASONS = {
  by_hand: "by hand",
  gone: "the receiver answered 410 Gone",
  failing: "nothing but failures for 5 days",
  secret_lost: "its secret was lost when the Hub’s database was restored",
} as const;

const DELIVERIES = {
  pending: { tone: "warn", label: "Pending" },
  delivered: { tone: "ok", label: "Delivered" },
  failed: { tone: "bad", label: "Failed" },
  canceled: { tone: "off", label: "Canceled" },
} as const;

export function deliveryWord(status: DeliveryStatus): string {
  return DELIVERIES[status].label;
}

export function DeliveryBadge({ status }: { status: DeliveryStatus }) {
  return <Badge tone={DELIVERIES[status].tone}>{deliveryWord(status)}</Badge>;
}

/** What a webhook's own page is called: what people wrote, else where it leads. */
export function nameOf({ url, description }: Pick<WebhookRow, "url" | "description">): string {
  return description === "" ? new URL(url).host : description;
}

export function WebhookBadge({ row }: { row: Pick<WebhookRow, "disabled" | "failingSince"> }) {
  if (row.disabled) return <Badge tone="off">Disabled</Badge>;
  return row.failingSince === null ? <Badge tone="ok">Enabled</Badge> : <Badge tone="bad">Failing</Badge>;
}

/** Since when and why it is not well; nothing where it is. */
export function WebhookTrouble({ row, now }: { row: Pick<WebhookRow, "disabled" | "failingSince">; now: string }) {
  if (row.disabled) {
    return (
      <>
        {DISABLED_REASONS[row.disabled.reason]}, <Time value={row.disabled.at} style="relative" now={now} />
      </>
    );
  }
  if (row.failingSince === null) return null;
  return (
    <>
      first failure <Time value={row.failingSince} style="relative" now={now} />
    </>
  );
}

/** What is the matter with it, and what to do; nothing where all is well. */
export function WebhookNotice({
  webhook,
  now,
}: {
  webhook: Pick<WebhookRow, "disabled" | "failingSince">;
  now: string;
}) {
  if (webhook.disabled === null && webhook.failingSince === null) return null;
  return (
    <Notice tone={webhook.disabled ? "warn" : "bad"} className="mb-5">
      <p className="font-medium">
        {webhook.disabled ? "Disabled: " : "Failing: "}
        <WebhookTrouble row={webhook} now={now} />.
      </p>
      <p>
        {webhook.disabled?.reason === "secret_lost" &&
          "It was rotated after the backup that was restored: what the receiver has is kept nowhere here. View Secret shows the one that the webhook has now; put that into the receiver, then enable the webhook. "}
        {webhook.disabled
          ? "Nothing is sent, and what happens meanwhile is not noted. Once it is enabled, what failed or was canceled can be redelivered."
          : `Nothing has arrived since then. Each delivery is retried by a schedule; nothing but failures for ${FAILING_DAYS} days disables the webhook.`}
      </p>
    </Notice>
  );
}
