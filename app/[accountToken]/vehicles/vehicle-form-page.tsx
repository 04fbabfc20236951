import { Breadcrumb } from "@/components/record/record-section";
import { PageHead } from "@/components/shell/page-head";
import { VehicleForm } from "@/components/vehicles/vehicle-form";
import { requireCustomerPermit } from "@/lib/auth/session";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { listVehicleStatusChoices } from "@/lib/vehicle-statuses/queries";
import { listVehicleTypeChoices } from "@/lib/vehicle-types/queries";
import type { VehicleRecord } from "@/lib/vehicles/presenter";
import { accountMeasures } from "@/lib/vehicles/vehicle-rows";

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
  const base = `/${accountToken}/vehicles`;
  return (
    <>
      {vehicle === null ? (
        <Breadcrumb href={base}>Vehicles</Breadcrumb>
      ) : (
        <Breadcrumb href={`${base}/${vehicle.id}`}>{vehicle.name}</Breadcrumb>
      )}
      <PageHead
        title={vehicle === null ? "Add vehicle" : `Edit “${vehicle.name}”`}
        purpose={vehicle === null ? "A name, a type and a status are enough to begin with." : undefined}
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
