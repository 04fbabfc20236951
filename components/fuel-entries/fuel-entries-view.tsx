import type { PickerOption } from "@/components/form/record-picker";
import { EntriesFrame } from "@/components/vehicles/entries-frame";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { DatedList } from "@/lib/platform/dated-list";
import type { FuelEntryRow } from "@/lib/fuel-entries/list-fuel-entry-rows";
import type { FuelEntryListQuery } from "@/lib/fuel-entries/schema";
import { AddFuelEntry, FuelEntriesTable } from "./fuel-entries-table";
import type { VolumeUnit } from "./fuel-entry-fields";

export interface FuelEntriesViewProps {
  readonly accountToken: string;
  readonly query: FuelEntryListQuery;
  readonly list: DatedList<FuelEntryRow>;
  readonly definitions: readonly CustomFieldDefinition[];
  readonly volumeUnit: VolumeUnit;
  /** What the filter names. */
  readonly vehicle: PickerOption | null;
}

export function FuelEntriesView({ query, list, vehicle, ...given }: FuelEntriesViewProps) {
  return (
    <EntriesFrame
      accountToken={given.accountToken}
      noun="fuelEntry"
      purpose="Every fuelling, what it cost, and how far the vehicles get with it."
      about="A fuel entry says what went into a vehicle’s tank. With a meter reading each time, economy and cost are told."
      query={query}
      count={list.count}
      vehicle={vehicle}
      add={<AddFuelEntry {...given} vehicle={vehicle} />}
      table={(parts) => <FuelEntriesTable given={given} page={list} {...parts} />}
    />
  );
}
