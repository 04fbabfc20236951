import { ListLoading } from "@/components/data-table/list-loading";

// Of the list alone: a webhook's own page must still be able to answer 404.
export default function WebhooksLoading() {
  return <ListLoading twoLines />;
}
