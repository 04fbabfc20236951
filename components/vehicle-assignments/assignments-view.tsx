import { countText } from "@/components/data-table/list-href";
import type { PickerOption } from "@/components/form/record-picker";
import { ListFrame } from "@/components/imports/list-frame";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { AssignmentList } from "@/lib/vehicle-assignments/list-assignment-rows";
import type { AssignmentListQuery } from "@/lib/vehicle-assignments/schema";
import { AssignDriver, AssignmentsTable, AssignmentsToolbar } from "./assignments-table";

export interface AssignmentsViewProps {
  readonly accountToken: string;
  readonly query: AssignmentListQuery;
  readonly list: AssignmentList;
  readonly definitions: readonly CustomFieldDefinition[];
  /** What the filters name. */
  readonly vehicle: PickerOption | null;
  readonly contact: PickerOption | null;
}

export function AssignmentsView({ accountToken, query, list, definitions, vehicle, contact }: AssignmentsViewProps) {
  const { q, state } = query;
  const { counts } = list;
  const form = { accountToken, definitions, vehicle, contact };
  return (
    <ListFrame
      accountToken={accountToken}
      noun="vehicleAssignment"
      words={{ one: "assignment", many: "assignments" }}
      purpose="Who has which vehicle, and from when until when."
      filters={{ q, state, vehicle: query.vehicle, contact: query.contact }}
      count={counts[state ?? "all"]}
      add={<AssignDriver {...form} />}
      toolbar={
        <AssignmentsToolbar
          accountToken={accountToken}
          search={q}
          status={state}
          statuses={[
            { value: null, label: "All", count: countText(counts.all) },
            { value: "current", label: "Current", count: countText(counts.current) },
            { value: "future", label: "Future", count: countText(counts.future) },
            { value: "past", label: "Past", count: countText(counts.past) },
          ]}
          vehicle={vehicle}
          contact={contact}
        />
      }
      about="An assignment says who has which vehicle, and from when until when. A vehicle has one at a time."
      otherwise="Try another word, another state, or clear the filters."
      table={(parts) => (
        <AssignmentsTable
          {...parts}
          accountToken={accountToken}
          definitions={definitions}
          page={list}
          sort={{ key: query.sort, direction: query.direction }}
        />
      )}
    />
  );
}
