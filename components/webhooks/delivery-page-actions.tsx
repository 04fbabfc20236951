"use client";

import { useLivePage } from "@/components/ui/use-live-page";
import type { DeliveryDetails } from "@/lib/webhooks/deliveries/queries";
import { useDeliveryVerbs } from "./delivery-verbs";
import { deliveryWord } from "./webhook-words";

const LOOK_EVERY_MS = 3000;

export interface DeliveryPageActionsProps {
  readonly accountToken: string;
  readonly delivery: DeliveryDetails;
}

/** The delivery's verbs as buttons; while it is on its way, the page renews itself. */
export function DeliveryPageActions({ accountToken, delivery }: DeliveryPageActionsProps) {
  const { pageActions, dialog } = useDeliveryVerbs(accountToken);
  useLivePage(LOOK_EVERY_MS, delivery.status === "pending");
  return (
    <>
      {pageActions(delivery)}
      {dialog}
      <span role="status" className="sr-only">
        {deliveryWord(delivery.status)}, attempts: {delivery.attempts}
      </span>
    </>
  );
}
