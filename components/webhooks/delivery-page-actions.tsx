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

/** The delivery's verbs as buttons. */
export function DeliveryPageActions({ accountToken, delivery }: DeliveryPageActionsProps) {
  const { pageActions, dialog } = useDeliveryVerbs(accountToken);
  return (
    <>
      {pageActions(delivery)}
      {dialog}
    </>
  );
}

/** While the delivery is on its way its page renews itself, and tells screen readers how it stands. */
export function DeliveryProgress({ delivery }: Pick<DeliveryPageActionsProps, "delivery">) {
  useLivePage(LOOK_EVERY_MS, delivery.status === "pending");
  return (
    <div role="status" className="sr-only">
      {deliveryWord(delivery.status)}, attempts: {delivery.attempts}
    </div>
  );
}
