import type { Metadata } from "next";

import { NewImportView } from "@/components/imports/new-import-view";
import { importedResource } from "@/lib/resources";
import { orNotFound, requirePermit } from "@/lib/entry/page";
import { latestImports } from "@/lib/imports/queries";
import { newImportQuery } from "@/lib/imports/schema";

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ searchParams }: PageProps): Promise<Metadata> {
  const { record } = newImportQuery.parse(await searchParams);
  return { title: `Import ${importedResource(record).many}` };
}

export default async function NewImportPage({ params, searchParams }: PageProps) {
  const permit = await requirePermit((await params).accountToken, "imports.manage");
  const { record } = newImportQuery.parse(await searchParams);
  const { fields, latest, now } = await orNotFound(latestImports(permit, { record }));
  return (
    <NewImportView accountToken={permit.account.token} record={record} fields={fields} latest={latest} now={now} />
  );
}
