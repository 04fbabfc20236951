import { countText } from "@/components/data-table/list-href";
import type { PickerOption } from "@/components/form/record-picker";
import { ImportExport } from "@/components/imports/import-export";
import { PageHead } from "@/components/shell/page-head";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { AssignmentList } from "@/lib/vehicle-assignments/list-assignment-rows";
import type { AssignmentListQuery } from "@/lib/vehicle-assignments/schema";
import { AssignDriver } from "./assign-driver";
import { AssignmentsTable } from "./assignments-table";
import { AssignmentsToolbar } from "./assignments-toolbar";

export interface AssignmentsViewProps {
  readonly accountToken: string;
  readonly query: AssignmentListQuery;
  readonly list: AssignmentList;
  readonly definitions: readonly CustomFieldDefinition[];
  /** What the filters name. */
  readonly vehicle: PickerOption | null;
  readonly contact: PickerOption | null;
}

function NoAssignments({ narrowed, add }: { narrowed: boolean; add: React.ReactNode }) {
  if (narrowed) {
    return (
      <EmptyState title="No assignment matches">Try another word, another state, or clear the filters.</EmptyState>
    );
  }
  return (
    <EmptyState title="No assignments yet" action={add}>
      An assignment says who has which vehicle, and from when until when. A vehicle has one at a time.
    </EmptyState>
  );
}

export function AssignmentsView({ accountToken, query, list, definitions, vehicle, contact }: AssignmentsViewProps) {
  const { counts } = list;
  const shown = counts[query.state ?? "all"];
  const filters = { q: query.q, state: query.state, vehicle: query.vehicle, contact: query.contact };
  const narrowed = Object.values(filters).some((choice) => choice !== null && choice !== "");
  const add = (
    <AssignDriver accountToken={accountToken} definitions={definitions} vehicle={vehicle} contact={contact} />
  );
  return (
    <>
      <PageHead
        title="Vehicle Assignments"
        purpose="Who has which vehicle, and from when until when."
        action={
          <>
            <ImportExport
              accountToken={accountToken}
              record="vehicle_assignments"
              filters={filters}
              isEmpty={shown === 0}
            />
            {add}
          </>
        }
      />
      <NavigationProvider>
        <AssignmentsTable
          accountToken={accountToken}
          definitions={definitions}
          page={list}
          sort={{ key: query.sort, direction: query.direction }}
          summary={`${countText(shown)} ${shown === 1 ? "assignment" : "assignments"}`}
          toolbar={
            narrowed || counts.all > 0 ? (
              <AssignmentsToolbar
                accountToken={accountToken}
                search={query.q}
                status={query.state}
                statuses={[
                  { value: null, label: "All", count: countText(counts.all) },
                  { value: "current", label: "Current", count: countText(counts.current) },
                  { value: "future", label: "Future", count: countText(counts.future) },
                  { value: "past", label: "Past", count: countText(counts.past) },
                ]}
                vehicle={vehicle}
                contact={contact}
              />
            ) : null
          }
          empty={<NoAssignments narrowed={narrowed} add={add} />}
        />
      </NavigationProvider>
    </>
  );
}
