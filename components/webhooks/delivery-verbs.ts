"use client";

import { RotateCw } from "lucide-react";
import { useRouter } from "next/navigation";

import { outcomeOf } from "@/components/record/outcome";
import { useVerbs, type VerbLooks } from "@/components/record/verbs";
import { redeliverAction } from "@/lib/webhooks/actions";
import type { DeliveryRow } from "@/lib/webhooks/deliveries/queries";
import type { DeliveryVerb } from "@/lib/webhooks/policy";

function consequenceFor({ status }: DeliveryRow): string {
  const again = "It is sent once more at once, with the same webhook-id";
  if (status === "delivered") {
    return `${again}. The receiver has taken it already: one that knows its webhook-ids leaves it out, another acts on it twice.`;
  }
  return `${again}, and retried by the schedule from its beginning if it fails.`;
}

/** Menus, buttons and dialogs of deliveries. */
export function useDeliveryVerbs(accountToken: string) {
  const router = useRouter();
  const looks: VerbLooks<DeliveryVerb, DeliveryRow> = {
    redeliver: {
      kind: "confirm",
      label: "Redeliver",
      icon: RotateCw,
      ask: (row) => ({
        title: `Redeliver ${row.event}?`,
        consequence: consequenceFor(row),
        confirmLabel: "Redeliver",
        cancelLabel: "Cancel",
        perform: () =>
          outcomeOf(redeliverAction(accountToken, { id: row.id }), ({ event }) => ({
            title: "On its way again",
            description: event,
          })),
      }),
      onDone: () => router.refresh(),
    },
  };
  return useVerbs(looks, (row) => row.name);
}
