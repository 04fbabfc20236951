import type { Metadata } from "next";
import { cache } from "react";

import { recordAt } from "@/app/[accountToken]/record-at";
import { VehiclePage } from "@/components/vehicles/vehicle-page";
import { recordHistory } from "@/lib/audit-log/queries";
import { mayDo } from "@/lib/auth/permit";
import { requireCustomerPermit, requirePermit } from "@/lib/entry/page";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { listLatestFuelEntries } from "@/lib/fuel-entries/queries";
import { listLatestMeterEntries } from "@/lib/meter-entries/queries";
import { listComingAssignments } from "@/lib/vehicle-assignments/queries";
import { getVehicle } from "@/lib/vehicles/list-vehicle-rows";

interface PageProps {
  params: Promise<{ accountToken: string; id: string }>;
}

const vehicleAt = cache(async (accountToken: string, id: string) => {
  const permit = await requireCustomerPermit(accountToken, "vehicles.read");
  return { permit, vehicle: await recordAt(id, (vehicleId) => getVehicle(permit, vehicleId)) };
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, id } = await params;
  return { title: (await vehicleAt(accountToken, id)).vehicle.name };
}

export default async function Page({ params }: PageProps) {
  const { accountToken, id } = await params;
  const { permit, vehicle } = await vehicleAt(accountToken, id);
  const [definitions, assignments, meterEntries, fuelEntries, history] = await Promise.all([
    customFieldDefinitions(permit, "vehicle"),
    requirePermit(accountToken, "vehicleAssignments.read").then((reader) =>
      listComingAssignments(reader, { vehicleId: vehicle.id }),
    ),
    requirePermit(accountToken, "meterEntries.read").then((reader) => listLatestMeterEntries(reader, vehicle.id)),
    requirePermit(accountToken, "fuelEntries.read").then((reader) => listLatestFuelEntries(reader, vehicle.id)),
    mayDo(permit.actor, "auditLog.read")
      ? requirePermit(accountToken, "auditLog.read").then((auditor) =>
          recordHistory(auditor, { type: "vehicle", id: vehicle.id }),
        )
      : null,
  ]);
  return (
    <VehiclePage
      accountToken={permit.account.token}
      vehicle={vehicle}
      definitions={definitions}
      assignments={assignments}
      meterEntries={meterEntries}
      fuelEntries={fuelEntries}
      history={history}
    />
  );
}
