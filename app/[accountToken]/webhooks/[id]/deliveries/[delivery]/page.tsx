import type { Metadata } from "next";
import { cache } from "react";

import { recordAt } from "@/app/[accountToken]/record-at";
import { DeliveryPage } from "@/components/webhooks/delivery-page";
import { requirePermit } from "@/lib/entry/page";
import { getDelivery } from "@/lib/webhooks/deliveries/queries";

interface PageProps {
  params: Promise<{ accountToken: string; id: string; delivery: string }>;
}

/** The delivery behind the address, once per request; anything that is none of this webhook is a 404. */
const deliveryAt = cache(async (accountToken: string, webhook: string, delivery: string) => {
  const permit = await requirePermit(accountToken, "webhooks.read");
  return recordAt(webhook, (webhookId) => recordAt(delivery, (id) => getDelivery(permit, { webhookId, id })));
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, id, delivery } = await params;
  return { title: (await deliveryAt(accountToken, id, delivery)).name };
}

export default async function Page({ params }: PageProps) {
  const { accountToken, id, delivery } = await params;
  return <DeliveryPage accountToken={accountToken} delivery={await deliveryAt(accountToken, id, delivery)} />;
}
