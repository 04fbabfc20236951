"use client";

import type { Space } from "@/components/api-keys/space";
import type { WebhookVerb } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";
import { useWebhookVerbs } from "./webhook-verbs";

/** What one comes to a webhook's page for stands outside the menu. */
const OUTSIDE: readonly WebhookVerb[] = ["enable", "sendTest"];

/** The row's verbs, on the webhook's own page. */
export function WebhookPageActions({ space, webhook }: { readonly space: Space; readonly webhook: WebhookRow }) {
  const { pageActions, dialog } = useWebhookVerbs(space);
  return (
    <>
      {pageActions(webhook, OUTSIDE)}
      {dialog}
    </>
  );
}
