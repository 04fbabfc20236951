import { RecordFormPage } from "@/app/[accountToken]/record-form-page";
import { VehicleForm } from "@/components/vehicles/vehicle-form";
import { requireCustomerPermit } from "@/lib/entry/page";
import { listVehicleStatusChoices } from "@/lib/vehicle-statuses/queries";
import { listVehicleTypeChoices } from "@/lib/vehicle-types/queries";
import type { VehicleRecord } from "@/lib/vehicles/presenter";
import { accountMeasures } from "@/lib/vehicles/list-vehicle-rows";

/** The page of the form, for a new vehicle and for one that exists. */
export async function VehicleFormPage({
  accountToken,
  vehicle,
}: {
  accountToken: string;
  vehicle: VehicleRecord | null;
}) {
  const permit = await requireCustomerPermit(accountToken, "vehicles.read");
  const [types, statuses, measures] = await Promise.all([
    listVehicleTypeChoices(permit),
    listVehicleStatusChoices(permit),
    accountMeasures(permit),
  ]);
  return (
    <RecordFormPage
      accountToken={accountToken}
      noun="vehicle"
      permission="vehicles.write"
      record={vehicle}
      purpose="A name, a type and a status are enough to begin with."
      form={(parts) => <VehicleForm {...parts} settings={{ types, statuses }} vehicle={vehicle} measures={measures} />}
    />
  );
}
