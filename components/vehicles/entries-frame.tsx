import type { ReactNode } from "react";

import { countText } from "@/components/data-table/list-href";
import type { PickerOption } from "@/components/form/record-picker";
import { ImportExport } from "@/components/imports/import-export";
import { PageHead } from "@/components/shell/page-head";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
import { PERIODS, type DatedView } from "@/lib/platform/list-view";
import { EntriesToolbar } from "./entries-toolbar";
import { VehicleTabs } from "./vehicle-tabs";

export interface EntriesFrameProps {
  readonly accountToken: string;
  readonly page: "meter-entries" | "fuel-entries";
  readonly record: "meter_entries" | "fuel_entries";
  readonly title: string;
  readonly purpose: string;
  /** "reading", "readings" */
  readonly nouns: readonly [one: string, many: string];
  /** Stands where there are none yet. */
  readonly about: string;
  readonly query: DatedView & { readonly vehicle: number | null };
  readonly count: number;
  /** What the filter names. */
  readonly vehicle: PickerOption | null;
  readonly add: ReactNode;
  readonly table: (parts: EntriesTableParts) => ReactNode;
}

/** What a table of entries is handed by its frame. */
export interface EntriesTableParts {
  readonly sort: { readonly key: "date"; readonly direction: "asc" | "desc" };
  readonly summary: string;
  readonly toolbar: ReactNode;
  readonly empty: ReactNode;
}

/** The page of a list of entries: head, filters by vehicle and period, and the table. */
export function EntriesFrame(props: EntriesFrameProps) {
  const { accountToken, page, record, title, purpose, nouns, about, query, count, vehicle, add, table } = props;
  const [one, many] = nouns;
  const narrowed = query.vehicle !== null || query.period !== null;
  const periods = Object.entries(PERIODS).map(([value, label]) => ({ value, label }));
  const period = { id: "period", label: "Date", options: periods, value: query.period };
  return (
    <>
      <PageHead
        title={title}
        purpose={purpose}
        action={
          <>
            <ImportExport
              accountToken={accountToken}
              record={record}
              filters={{ vehicle: query.vehicle, period: query.period }}
              isEmpty={count === 0}
            />
            {add}
          </>
        }
      />
      <VehicleTabs accountToken={accountToken} current={page} />
      <NavigationProvider>
        {table({
          sort: { key: "date", direction: query.direction },
          summary: `${countText(count)} ${count === 1 ? one : many}`,
          toolbar:
            narrowed || count > 0 ? (
              <EntriesToolbar accountToken={accountToken} vehicle={vehicle} period={period} />
            ) : null,
          empty: narrowed ? (
            <EmptyState title={`No ${one} matches`}>Choose another vehicle or period, or clear the filters.</EmptyState>
          ) : (
            <EmptyState title={`No ${many} yet`} action={add}>
              {about}
            </EmptyState>
          ),
        })}
      </NavigationProvider>
    </>
  );
}
