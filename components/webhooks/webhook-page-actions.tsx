"use client";

import { Ellipsis } from "lucide-react";
import { useState } from "react";

import type { Space } from "@/components/api-keys/space";
import { Button } from "@/components/ui/button";
import type { WebhookVerb } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";
import { ROW_ACTIONS, WebhookRowActions } from "./webhook-row-actions";
import { WebhookVerbDialog } from "./webhook-verb-dialog";

/** What one comes to a webhook's page for stands outside the menu. */
const OUTSIDE: readonly WebhookVerb[] = ["enable", "sendTest"];

/** The row's verbs, on the webhook's own page. */
export function WebhookPageActions({ space, webhook }: { readonly space: Space; readonly webhook: WebhookRow }) {
  const [verb, setVerb] = useState<WebhookVerb | null>(null);
  return (
    <>
      {webhook.verbs
        .filter((offered) => OUTSIDE.includes(offered))
        .map((offered) => (
          <Button key={offered} icon={ROW_ACTIONS[offered].icon} onClick={() => setVerb(offered)}>
            {ROW_ACTIONS[offered].label}
          </Button>
        ))}
      <WebhookRowActions
        row={webhook}
        verbs={webhook.verbs.filter((offered) => !OUTSIDE.includes(offered))}
        trigger={<Button icon={<Ellipsis aria-hidden size={16} strokeWidth={1.75} />}>More actions</Button>}
        onChoose={setVerb}
      />
      {verb && (
        <WebhookVerbDialog key={verb} space={space} chosen={{ verb, row: webhook }} onClose={() => setVerb(null)} />
      )}
    </>
  );
}
