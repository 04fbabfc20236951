import { ListLoading } from "@/components/data-table/list-loading";

export default function MeterEntriesLoading() {
  return <ListLoading />;
}
