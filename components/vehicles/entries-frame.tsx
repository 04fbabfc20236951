import type { ReactNode } from "react";

import type { PickerOption } from "@/components/form/record-picker";
import { ListFrame, type FramedParts, type ListFrameProps } from "@/components/imports/list-frame";
import { PERIODS, type DatedView } from "@/lib/platform/list-view";
import { RESOURCES } from "@/lib/resources";
import { EntriesToolbar } from "./entries-toolbar";
import { VehicleTabs } from "./vehicle-tabs";

export interface EntriesFrameProps extends Pick<
  ListFrameProps,
  "accountToken" | "purpose" | "about" | "count" | "add"
> {
  readonly noun: "meterEntry" | "fuelEntry";
  readonly query: DatedView & { readonly vehicle: number | null };
  /** What the filter names. */
  readonly vehicle: PickerOption | null;
  readonly table: (parts: EntriesTableParts) => ReactNode;
}

/** What a table of entries is handed by its frame. */
export interface EntriesTableParts extends FramedParts {
  readonly sort: { readonly key: "date"; readonly direction: "asc" | "desc" };
}

/** The page of a list of entries: filters by vehicle and period, and the tabs among which it stands. */
export function EntriesFrame({ query, vehicle, table, ...frame }: EntriesFrameProps) {
  const { accountToken, noun } = frame;
  const periods = Object.entries(PERIODS).map(([value, label]) => ({ value, label }));
  const period = { id: "period", label: "Date", options: periods, value: query.period };
  return (
    <ListFrame
      {...frame}
      filters={{ vehicle: query.vehicle, period: query.period }}
      otherwise="Choose another vehicle or period, or clear the filters."
      tabs={<VehicleTabs accountToken={accountToken} current={RESOURCES[noun].page} />}
      toolbar={<EntriesToolbar accountToken={accountToken} vehicle={vehicle} period={period} />}
      table={(parts) => table({ ...parts, sort: { key: "date", direction: query.direction } })}
    />
  );
}
