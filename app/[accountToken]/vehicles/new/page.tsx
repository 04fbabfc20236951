import type { Metadata } from "next";

import { VehicleFormPage } from "@/app/[accountToken]/vehicles/vehicle-form-page";

export const metadata: Metadata = { title: "Add vehicle" };

export default async function Page({ params }: { params: Promise<{ accountToken: string }> }) {
  return <VehicleFormPage accountToken={(await params).accountToken} vehicle={null} />;
}
