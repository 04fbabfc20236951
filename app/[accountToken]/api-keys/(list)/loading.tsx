import { ListLoading } from "@/components/data-table/list-loading";

// Of the list alone: a key's own page must still be able to answer 404.
export default function ApiKeysLoading() {
  return <ListLoading twoLines />;
}
