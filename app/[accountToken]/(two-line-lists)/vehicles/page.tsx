import type { Metadata } from "next";

import { VehiclesView } from "@/components/vehicles/vehicles-view";
import { requireCustomerPermit } from "@/lib/entry/page";
import { listVehicleStatusChoices } from "@/lib/vehicle-statuses/queries";
import { listVehicleTypeChoices } from "@/lib/vehicle-types/queries";
import { vehicleListQuery } from "@/lib/vehicles/schema";
import { listVehicleRows } from "@/lib/vehicles/list-vehicle-rows";

export const metadata: Metadata = { title: "Vehicles" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function VehiclesPage({ params, searchParams }: PageProps) {
  const permit = await requireCustomerPermit((await params).accountToken, "vehicles.read");
  const query = vehicleListQuery.parse(await searchParams);
  const [list, types, statuses] = await Promise.all([
    listVehicleRows(permit, query),
    listVehicleTypeChoices(permit),
    listVehicleStatusChoices(permit),
  ]);
  return (
    <VehiclesView accountToken={permit.account.token} query={query} list={list} types={types} statuses={statuses} />
  );
}
