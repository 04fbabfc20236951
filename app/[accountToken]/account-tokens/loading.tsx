import { ListLoading } from "@/components/data-table/list-loading";

export default function AccountTokensLoading() {
  return <ListLoading />;
}
