"use client";

import { ListControls, type ListFilter } from "@/components/data-table/list-controls";
import type { PickerOption } from "@/components/form/record-picker";
import { searchVehicles } from "./vehicle-search";

export interface EntriesToolbarProps {
  readonly accountToken: string;
  readonly vehicle: PickerOption | null;
  readonly period: ListFilter;
}

export function EntriesToolbar({ accountToken, vehicle, period }: EntriesToolbarProps) {
  return (
    <ListControls
      filters={[period]}
      pickers={[{ id: "vehicle", label: "Vehicle", chosen: vehicle, search: searchVehicles(accountToken) }]}
    />
  );
}
