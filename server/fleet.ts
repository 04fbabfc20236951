import * as contacts from "@/lib/contacts/endpoints";
import * as fuelEntries from "@/lib/fuel-entries/endpoints";
import * as meterEntries from "@/lib/meter-entries/endpoints";
import type { Endpoint } from "@/lib/public-api/define-endpoint";
import type { ImportedRecord } from "@/lib/resources";
import * as vehicleAssignments from "@/lib/vehicle-assignments/endpoints";
import * as vehicles from "@/lib/vehicles/endpoints";

/** The endpoints of every kind of record that a fleet has: what the API serves of it, and what an import adds it with. */
export const FLEET = {
  vehicles,
  contacts,
  vehicle_assignments: vehicleAssignments,
  meter_entries: meterEntries,
  fuel_entries: fuelEntries,
} satisfies Record<ImportedRecord, Readonly<Record<string, Endpoint>>>;
