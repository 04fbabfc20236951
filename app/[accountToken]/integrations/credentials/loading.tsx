import { ListLoading } from "@/components/data-table/list-loading";

export default function CredentialsLoading() {
  return <ListLoading twoLines />;
}
