import type { PickerOption } from "@/components/form/record-picker";
import { EntriesFrame } from "@/components/vehicles/entries-frame";
import type { DatedList } from "@/lib/platform/dated-list";
import type { MeterEntryRow } from "@/lib/meter-entries/queries";
import type { MeterEntryListQuery } from "@/lib/meter-entries/schema";
import { AddMeterEntry, MeterEntriesTable } from "./meter-entries-table";

export interface MeterEntriesViewProps {
  readonly accountToken: string;
  readonly query: MeterEntryListQuery;
  readonly list: DatedList<MeterEntryRow>;
  /** What the filter names. */
  readonly vehicle: PickerOption | null;
}

export function MeterEntriesView({ accountToken, query, list, vehicle }: MeterEntriesViewProps) {
  return (
    <EntriesFrame
      accountToken={accountToken}
      noun="meterEntry"
      purpose="Every reading of a vehicle’s meter; the latest that counts says where it stands."
      about="A reading says where a vehicle’s meter stood on a day. Fuel entries and integrations bring readings along."
      query={query}
      count={list.count}
      vehicle={vehicle}
      add={<AddMeterEntry accountToken={accountToken} vehicle={vehicle} />}
      table={(parts) => <MeterEntriesTable accountToken={accountToken} page={list} {...parts} />}
    />
  );
}
