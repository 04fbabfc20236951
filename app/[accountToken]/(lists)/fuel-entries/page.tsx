import type { Metadata } from "next";

import { vehicleFilter } from "@/app/[accountToken]/record-filters";
import { FuelEntriesView } from "@/components/fuel-entries/fuel-entries-view";
import { requireCustomerPermit } from "@/lib/entry/page";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { listFuelEntryRows } from "@/lib/fuel-entries/list-fuel-entry-rows";
import { accountVolumeUnit } from "@/lib/fuel-entries/queries";
import { fuelEntryListQuery } from "@/lib/fuel-entries/schema";

export const metadata: Metadata = { title: "Fuel entries" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function FuelEntriesPage({ params, searchParams }: PageProps) {
  const { accountToken } = await params;
  const permit = await requireCustomerPermit(accountToken, "fuelEntries.read");
  const query = fuelEntryListQuery.parse(await searchParams);
  const [list, definitions, volumeUnit, vehicle] = await Promise.all([
    listFuelEntryRows(permit, query),
    customFieldDefinitions(permit, "fuel_entry"),
    accountVolumeUnit(permit),
    vehicleFilter(accountToken, query.vehicle),
  ]);
  return (
    <FuelEntriesView
      accountToken={permit.account.token}
      query={query}
      list={list}
      definitions={definitions}
      volumeUnit={volumeUnit}
      vehicle={vehicle}
    />
  );
}
