import { RecordFormHead } from "@/app/[accountToken]/record-form-head";
import { VehicleForm } from "@/components/vehicles/vehicle-form";
import { requireCustomerPermit } from "@/lib/entry/page";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
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
  const [permit, writer] = await Promise.all([
    requireCustomerPermit(accountToken, "vehicles.read"),
    requireCustomerPermit(accountToken, "vehicles.write"),
  ]);
  const [types, statuses, definitions, measures] = await Promise.all([
    listVehicleTypeChoices(permit),
    listVehicleStatusChoices(permit),
    customFieldDefinitions(writer, "vehicle"),
    accountMeasures(permit),
  ]);
  return (
    <>
      <RecordFormHead
        listHref={`/${accountToken}/vehicles`}
        list="Vehicles"
        noun="vehicle"
        record={vehicle}
        purpose="A name, a type and a status are enough to begin with."
      />
      <VehicleForm
        accountToken={accountToken}
        settings={{ types, statuses }}
        definitions={definitions}
        vehicle={vehicle}
        measures={measures}
      />
    </>
  );
}
