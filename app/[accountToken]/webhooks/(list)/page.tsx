import type { Metadata } from "next";

import { spaceOf } from "@/app/[accountToken]/space-of";
import { WebhooksView } from "@/components/webhooks/webhooks-view";
import { requirePermit } from "@/lib/entry/page";
import { listWebhookRows } from "@/lib/webhooks/queries";
import { resumeQuery } from "@/lib/webhooks/schema";

export const metadata: Metadata = { title: "Webhooks" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function WebhooksPage({ params, searchParams }: PageProps) {
  const permit = await requirePermit((await params).accountToken, "webhooks.read");
  const [space, list, given] = await Promise.all([spaceOf(permit), listWebhookRows(permit), searchParams]);
  return <WebhooksView space={space} list={list} resume={resumeQuery.parse(given)} />;
}
