import { ListLoading } from "@/components/data-table/list-loading";

// Of the list alone: an assignment's own page must still be able to answer 404.
export default function VehicleAssignmentsLoading() {
  return <ListLoading />;
}
