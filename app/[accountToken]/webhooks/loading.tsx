import { ListLoading } from "@/components/data-table/list-loading";

export default function WebhooksLoading() {
  return <ListLoading twoLines />;
}
