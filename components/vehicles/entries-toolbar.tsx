"use client";

import { ListControls } from "@/components/data-table/list-controls";
import type { PickerOption } from "@/components/form/record-picker";
import { PERIODS, type Period } from "@/lib/platform/list-view";
import { searchVehicles } from "./vehicle-search";

export interface EntriesToolbarProps {
  readonly accountToken: string;
  readonly vehicle: PickerOption | null;
  readonly period: Period | null;
}

export function EntriesToolbar({ accountToken, vehicle, period }: EntriesToolbarProps) {
  const options = Object.entries(PERIODS).map(([value, label]) => ({ value, label }));
  return (
    <ListControls
      filters={[{ id: "period", label: "Date", options, value: period }]}
      pickers={[{ id: "vehicle", label: "Vehicle", chosen: vehicle, search: searchVehicles(accountToken) }]}
    />
  );
}
