import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { CustomFieldsView } from "@/components/custom-fields/custom-fields-view";
import { requirePermit } from "@/lib/entry/page";
import { customFieldIndex } from "@/lib/custom-fields/queries";
import { customFieldListQuery } from "@/lib/custom-fields/schema";

export const metadata: Metadata = { title: "Custom Fields" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function CustomFieldsPage({ params, searchParams }: PageProps) {
  const permit = await requirePermit((await params).accountToken, "customFields.manage");
  if (permit.account.kind !== "customer") notFound();
  const query = customFieldListQuery.parse(await searchParams);
  const index = await customFieldIndex(permit, query);
  return <CustomFieldsView accountToken={permit.account.token} record={query.record} index={index} />;
}
