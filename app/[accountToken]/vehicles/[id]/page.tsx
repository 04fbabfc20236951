import { recordPage } from "@/app/[accountToken]/record-page";
import { VehiclePage } from "@/components/vehicles/vehicle-page";
import { requirePermit } from "@/lib/entry/page";
import { listLatestFuelEntries } from "@/lib/fuel-entries/queries";
import { listLatestMeterEntries } from "@/lib/meter-entries/queries";
import { listComingAssignments } from "@/lib/vehicle-assignments/queries";
import { getVehicle } from "@/lib/vehicles/list-vehicle-rows";

const { generateMetadata, Page } = recordPage({
  noun: "vehicle",
  permission: "vehicles.read",
  read: getVehicle,
  more: async (accountToken, { id: vehicleId }) => {
    const [assignments, meterEntries, fuelEntries] = await Promise.all([
      requirePermit(accountToken, "vehicleAssignments.read").then((reader) =>
        listComingAssignments(reader, { vehicleId }),
      ),
      requirePermit(accountToken, "meterEntries.read").then((reader) => listLatestMeterEntries(reader, vehicleId)),
      requirePermit(accountToken, "fuelEntries.read").then((reader) => listLatestFuelEntries(reader, vehicleId)),
    ]);
    return { assignments, meterEntries, fuelEntries };
  },
  show: ({ record, ...shown }) => <VehiclePage {...shown} vehicle={record} />,
});

export { generateMetadata };
export default Page;
