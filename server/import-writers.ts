import { createContact } from "@/lib/contacts/service";
import { createContactInput } from "@/lib/contacts/schema";
import { createFuelEntryInput } from "@/lib/fuel-entries/schema";
import { createFuelEntry } from "@/lib/fuel-entries/service";
import { importWriter, type ImportWriters } from "@/lib/imports/writers";
import { createMeterEntryInput } from "@/lib/meter-entries/schema";
import { createMeterEntry } from "@/lib/meter-entries/service";
import { createVehicleAssignmentInput } from "@/lib/vehicle-assignments/schema";
import { createVehicleAssignment } from "@/lib/vehicle-assignments/service";
import { createVehicleInput } from "@/lib/vehicles/schema";
import { createVehicle } from "@/lib/vehicles/service";

/** What an import adds records with: the schemas and functions of the API. */
export const IMPORT_WRITERS: ImportWriters = {
  vehicles: importWriter("vehicles.write", createVehicleInput, createVehicle),
  contacts: importWriter("contacts.write", createContactInput, createContact),
  vehicle_assignments: importWriter("vehicleAssignments.write", createVehicleAssignmentInput, createVehicleAssignment),
  meter_entries: importWriter("meterEntries.write", createMeterEntryInput, createMeterEntry),
  fuel_entries: importWriter("fuelEntries.write", createFuelEntryInput, createFuelEntry),
};
