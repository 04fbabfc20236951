import type { Metadata } from "next";
import { cache } from "react";

import { recordAt } from "@/app/[accountToken]/record-at";
import { spaceOf } from "@/app/[accountToken]/space-of";
import { WebhookPage } from "@/components/webhooks/webhook-page";
import { nameOf } from "@/components/webhooks/webhook-words";
import { requirePermit } from "@/lib/entry/page";
import { listDeliveries } from "@/lib/webhooks/deliveries/queries";
import { getWebhookRow } from "@/lib/webhooks/queries";
import { deliveryListQuery } from "@/lib/webhooks/schema";

interface PageProps {
  params: Promise<{ accountToken: string; id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** The webhook behind the address, once per request; anything that is no webhook of this account is a 404. */
const webhookAt = cache(async (accountToken: string, id: string) => {
  const permit = await requirePermit(accountToken, "webhooks.read");
  return { permit, webhook: await recordAt(id, (webhookId) => getWebhookRow(permit, { id: webhookId })) };
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, id } = await params;
  return { title: nameOf((await webhookAt(accountToken, id)).webhook) };
}

export default async function Page({ params, searchParams }: PageProps) {
  const { accountToken, id } = await params;
  const { permit, webhook } = await webhookAt(accountToken, id);
  const query = deliveryListQuery.parse(await searchParams);
  const list = await listDeliveries(permit, { webhookId: webhook.id, ...query });
  return <WebhookPage space={await spaceOf(permit)} webhook={webhook} query={query} list={list} />;
}
