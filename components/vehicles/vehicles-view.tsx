import { Plus } from "lucide-react";

import { countText } from "@/components/data-table/list-href";
import { ImportExport } from "@/components/imports/import-export";
import { ArchivableControls } from "@/components/record/archivable-controls";
import { PageHead } from "@/components/shell/page-head";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
import type { RecordList } from "@/lib/platform/record-list";
import type { VehicleListQuery } from "@/lib/vehicles/schema";
import type { VehicleRow } from "@/lib/vehicles/list-vehicle-rows";
import { VehicleTabs } from "./vehicle-tabs";
import { VehiclesTable } from "./vehicles-table";

type Choice = { readonly id: number; readonly name: string };

export interface VehiclesViewProps {
  readonly accountToken: string;
  readonly query: VehicleListQuery;
  readonly list: RecordList<VehicleRow>;
  readonly types: readonly Choice[];
  readonly statuses: readonly Choice[];
}

function filterOf(id: "type" | "status", label: string, choices: readonly Choice[], chosen: number | null) {
  const options = choices.map((choice) => ({ value: String(choice.id), label: choice.name }));
  return { id, label, options, value: chosen === null ? null : String(chosen) };
}

function NoVehicles({ narrowed, add }: { narrowed: boolean; add: React.ReactNode }) {
  if (narrowed) {
    return <EmptyState title="No vehicle matches">Try another word, or clear the filters.</EmptyState>;
  }
  return (
    <EmptyState title="No vehicles yet" action={add}>
      Add a vehicle by hand, import a CSV file, or let an integration create them with an API key. Assignments and
      entries then belong to it.
    </EmptyState>
  );
}

export function VehiclesView({ accountToken, query, list, types, statuses }: VehiclesViewProps) {
  const { counts } = list;
  const shown = counts[query.show ?? "current"];
  const { q, type, status, show } = query;
  const narrowed = q !== "" || [type, status, show].some((choice) => choice !== null);
  const add = (
    <ButtonLink
      href={`/${accountToken}/vehicles/new`}
      variant="primary"
      icon={<Plus aria-hidden size={16} strokeWidth={1.75} />}
    >
      Add Vehicle
    </ButtonLink>
  );
  return (
    <>
      <PageHead
        title="Vehicles"
        purpose="Every vehicle of the fleet: where its meter stands and who has it now."
        action={
          <>
            <ImportExport
              accountToken={accountToken}
              record="vehicles"
              filters={{ q, type, status, show }}
              isEmpty={shown === 0}
            />
            {add}
          </>
        }
      />
      <VehicleTabs accountToken={accountToken} current="vehicles" />
      <NavigationProvider>
        <VehiclesTable
          accountToken={accountToken}
          page={list}
          sort={{ key: query.sort, direction: query.direction }}
          summary={`${countText(shown)} ${shown === 1 ? "vehicle" : "vehicles"}`}
          toolbar={
            narrowed || counts.current + counts.archived > 0 ? (
              <ArchivableControls
                searchLabel="Search by name, VIN or plate"
                search={query.q}
                show={query.show}
                counts={counts}
                filters={[
                  filterOf("type", "Type", types, query.type),
                  filterOf("status", "Status", statuses, query.status),
                ]}
              />
            ) : null
          }
          empty={<NoVehicles narrowed={narrowed || counts.archived > 0} add={add} />}
        />
      </NavigationProvider>
    </>
  );
}
