import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { ImportView } from "@/components/imports/import-view";
import { orNotFound, requirePermit } from "@/lib/entry/page";
import { findImport } from "@/lib/imports/queries";
import { importPageQuery, reportInput } from "@/lib/imports/schema";

export const metadata: Metadata = { title: "Import" };

interface PageProps {
  params: Promise<{ accountToken: string; id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ImportPage({ params, searchParams }: PageProps) {
  const { accountToken, id } = await params;
  const permit = await requirePermit(accountToken, "imports.manage");
  const ref = reportInput.safeParse({ id });
  if (!ref.success) notFound();
  const query = importPageQuery.parse(await searchParams);
  const found = await orNotFound(findImport(permit, ref.data, query));
  return <ImportView accountToken={permit.account.token} query={query} found={found} />;
}
