import { createContacts } from "@/lib/contacts/service";
import { createContactInput } from "@/lib/contacts/schema";
import { createFuelEntryInput } from "@/lib/fuel-entries/schema";
import { createFuelEntries } from "@/lib/fuel-entries/service";
import { importWriter, type ImportWriters } from "@/lib/imports/writers";
import { createMeterEntryInput } from "@/lib/meter-entries/schema";
import { createMeterEntries } from "@/lib/meter-entries/service";
import { createVehicleAssignmentInput } from "@/lib/vehicle-assignments/schema";
import { createVehicleAssignments } from "@/lib/vehicle-assignments/service";
import { createVehicleInput } from "@/lib/vehicles/schema";
import { createVehicles } from "@/lib/vehicles/service";

/** What an import adds records with: the schemas and functions of the API. */
export const IMPORT_WRITERS: ImportWriters = {
  vehicles: importWriter("vehicles.write", createVehicleInput, createVehicles),
  contacts: importWriter("contacts.write", createContactInput, createContacts),
  vehicle_assignments: importWriter("vehicleAssignments.write", createVehicleAssignmentInput, createVehicleAssignments),
  meter_entries: importWriter("meterEntries.write", createMeterEntryInput, createMeterEntries),
  fuel_entries: importWriter("fuelEntries.write", createFuelEntryInput, createFuelEntries),
};
