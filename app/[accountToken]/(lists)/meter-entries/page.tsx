import type { Metadata } from "next";

import { vehicleFilter } from "@/app/[accountToken]/record-filters";
import { MeterEntriesView } from "@/components/meter-entries/meter-entries-view";
import { requireCustomerPermit } from "@/lib/entry/page";
import { listMeterEntryRows } from "@/lib/meter-entries/queries";
import { meterEntryListQuery } from "@/lib/meter-entries/schema";

export const metadata: Metadata = { title: "Meter entries" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function MeterEntriesPage({ params, searchParams }: PageProps) {
  const { accountToken } = await params;
  const permit = await requireCustomerPermit(accountToken, "meterEntries.read");
  const query = meterEntryListQuery.parse(await searchParams);
  const [list, vehicle] = await Promise.all([
    listMeterEntryRows(permit, query),
    vehicleFilter(accountToken, query.vehicle),
  ]);
  return <MeterEntriesView accountToken={permit.account.token} query={query} list={list} vehicle={vehicle} />;
}
