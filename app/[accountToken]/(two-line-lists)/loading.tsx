import { ListLoading } from "@/components/data-table/list-loading";

export default function TwoLineListLoading() {
  return <ListLoading twoLines />;
}
