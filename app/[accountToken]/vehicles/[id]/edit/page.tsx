import type { Metadata } from "next";

import { recordAt } from "@/app/[accountToken]/record-at";
import { VehicleFormPage } from "@/app/[accountToken]/vehicles/vehicle-form-page";
import { requireCustomerPermit } from "@/lib/entry/page";
import { getVehicle } from "@/lib/vehicles/list-vehicle-rows";

export const metadata: Metadata = { title: "Edit vehicle" };

export default async function Page({ params }: { params: Promise<{ accountToken: string; id: string }> }) {
  const { accountToken, id } = await params;
  const permit = await requireCustomerPermit(accountToken, "vehicles.read");
  const vehicle = await recordAt(id, (vehicleId) => getVehicle(permit, vehicleId));
  return <VehicleFormPage accountToken={accountToken} vehicle={vehicle} />;
}
