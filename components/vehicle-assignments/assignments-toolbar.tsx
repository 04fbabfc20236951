"use client";

import { searchContacts } from "@/components/contacts/contact-search";
import { ListControls, type ListControlsProps } from "@/components/data-table/list-controls";
import type { PickerOption } from "@/components/form/record-picker";
import { searchVehicles } from "@/components/vehicles/vehicle-search";

export type AssignmentsToolbarProps = Pick<ListControlsProps, "search" | "status" | "statuses"> & {
  accountToken: string;
  vehicle: PickerOption | null;
  contact: PickerOption | null;
};

export function AssignmentsToolbar({ accountToken, vehicle, contact, ...controls }: AssignmentsToolbarProps) {
  return (
    <ListControls
      {...controls}
      searchLabel="Search by vehicle or driver"
      segments={{ id: "state", label: "State" }}
      filters={[]}
      pickers={[
        { id: "vehicle", label: "Vehicle", chosen: vehicle, search: searchVehicles(accountToken) },
        { id: "contact", label: "Driver", chosen: contact, search: searchContacts(accountToken) },
      ]}
    />
  );
}
