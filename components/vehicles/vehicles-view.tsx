import { Plus } from "lucide-react";

import { ListFrame } from "@/components/imports/list-frame";
import { ArchivableControls } from "@/components/record/archivable-controls";
import { ButtonLink } from "@/components/ui/button";
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

export function VehiclesView({ accountToken, query, list, types, statuses }: VehiclesViewProps) {
  const { counts } = list;
  const { q, type, status, show, sort, direction } = query;
  return (
    <ListFrame
      accountToken={accountToken}
      noun="vehicle"
      purpose="Every vehicle of the fleet: where its meter stands and who has it now."
      filters={{ q, type, status, show }}
      count={counts[show ?? "current"]}
      hasOthers={counts.archived > 0}
      add={
        <ButtonLink
          href={`/${accountToken}/vehicles/new`}
          variant="primary"
          icon={<Plus aria-hidden size={16} strokeWidth={1.75} />}
        >
          Add Vehicle
        </ButtonLink>
      }
      tabs={<VehicleTabs accountToken={accountToken} current="vehicles" />}
      toolbar={
        <ArchivableControls
          searchLabel="Search by name, VIN or plate"
          search={q}
          show={show}
          counts={counts}
          filters={[filterOf("type", "Type", types, type), filterOf("status", "Status", statuses, status)]}
        />
      }
      about="Add a vehicle by hand, import a CSV file, or let an integration create them with an API key. Assignments and entries then belong to it."
      otherwise="Try another word, or clear the filters."
      table={(parts) => (
        <VehiclesTable {...parts} accountToken={accountToken} page={list} sort={{ key: sort, direction }} />
      )}
    />
  );
}
