import { ListLoading } from "@/components/data-table/list-loading";

// Of lists alone: a record's own page must still be able to answer 404.
export default function OneLineListLoading() {
  return <ListLoading />;
}
