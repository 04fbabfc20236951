import { FactList } from "@/components/record/fact-list";
import { Breadcrumb, RecordSection } from "@/components/record/record-section";
import type { Space } from "@/components/api-keys/space";
import { PageHead } from "@/components/shell/page-head";
import { NavigationProvider } from "@/components/ui/navigation";
import { Time } from "@/components/ui/time";
import type { DeliveryList } from "@/lib/webhooks/deliveries/queries";
import { eventsFor, KEPT_DAYS } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";
import type { DeliveryListQuery } from "@/lib/webhooks/schema";
import { DeliveriesTable } from "./deliveries-table";
import { RedeliverFailed } from "./redeliver-failed";
import { WebhookPageActions } from "./webhook-page-actions";
import { nameOf, WebhookBadge, WebhookNotice } from "./webhook-words";

export interface WebhookPageProps {
  readonly space: Space;
  readonly webhook: WebhookRow;
  readonly query: DeliveryListQuery;
  readonly list: DeliveryList;
}

/** A webhook's own page: its facts, and what became of what it was to send. */
export function WebhookPage({ space, webhook, query, list }: WebhookPageProps) {
  const href = `/${space.token}/webhooks/${webhook.id}`;
  const { now } = list;
  return (
    <>
      <Breadcrumb href={`/${space.token}/webhooks`}>Webhooks</Breadcrumb>
      <PageHead
        title={nameOf(webhook)}
        purpose={<WebhookBadge row={webhook} />}
        action={<WebhookPageActions space={space} webhook={webhook} />}
      />
      <WebhookNotice webhook={webhook} now={now} />
      <Facts webhook={webhook} />
      <RecordSection
        id="deliveries"
        title="Deliveries"
        className="mt-8"
        aside={webhook.enabled && <RedeliverFailed accountToken={space.token} webhookId={webhook.id} now={now} />}
      >
        <p className="mb-3 text-text-2">
          What was sent in the last {KEPT_DAYS} days, the newest first. The list renews itself while you look at it.
        </p>
        <NavigationProvider>
          <DeliveriesTable
            accountToken={space.token}
            href={href}
            list={list}
            query={query}
            events={eventsFor(space.kind)}
          />
        </NavigationProvider>
      </RecordSection>
    </>
  );
}

function Facts({ webhook }: { webhook: WebhookRow }) {
  const { url, allEvents, events, apiVersion, hasAuthorization, oldSecretUntil, createdAt } = webhook;
  return (
    <RecordSection id="facts" title="Facts">
      <FactList
        facts={[
          { label: "URL", value: <span className="font-mono text-13">{url}</span> },
          {
            label: "Events",
            value: allEvents ? (
              "All, also those to come"
            ) : (
              <ul className="font-mono text-12 sm:columns-2">
                {events.map((name) => (
                  <li key={name}>{name}</li>
                ))}
              </ul>
            ),
          },
          { label: "API version", value: <span className="font-mono">{apiVersion}</span> },
          { label: "Authorization header", value: hasAuthorization ? "Sent along" : "Not sent" },
          {
            label: "Old secret",
            value: oldSecretUntil && (
              <>
                signs as well until <Time value={oldSecretUntil} zone />
              </>
            ),
            ifKnown: true,
          },
          { label: "Date added", value: <Time value={createdAt} zone /> },
        ]}
      />
    </RecordSection>
  );
}
