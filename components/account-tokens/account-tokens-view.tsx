import { HubHead, type HubHeadProps } from "@/components/api-keys/hub-head";
import { ListControls } from "@/components/data-table/list-controls";
import { countText } from "@/components/data-table/list-href";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
import type { AccountTokenList } from "@/lib/accounts/queries";
import { ACCOUNT_STATUSES, PLANS } from "@/lib/accounts/policy";
import type { AccountListQuery } from "@/lib/accounts/schema";
import { AccountTokensTable } from "./account-tokens-table";

export interface AccountTokensViewProps extends Omit<HubHeadProps, "current" | "resume"> {
  readonly query: AccountListQuery;
  readonly list: AccountTokenList;
}

function inWords(value: string): string {
  return value.replace("_", " ").replace(/^./, (first) => first.toUpperCase());
}

export function AccountTokensView({ space, query, list, tabCounts, customers }: AccountTokensViewProps) {
  const { counts } = list;
  const shown = counts[query.status ?? "all"];
  const narrowed = query.q !== "" || query.status !== null || query.plan !== null;
  const toolbar = (
    <ListControls
      searchLabel="Search by name or token"
      search={query.q}
      status={query.status}
      statuses={[
        { value: null, label: "All", count: countText(counts.all) },
        ...ACCOUNT_STATUSES.map((value) => ({ value, label: inWords(value), count: countText(counts[value]) })),
      ]}
      filters={[
        {
          id: "plan",
          label: "Plan",
          options: PLANS.map((value) => ({ value, label: inWords(value) })),
          value: query.plan,
        },
      ]}
    />
  );
  return (
    <>
      <HubHead space={space} current="account-tokens" tabCounts={tabCounts} customers={customers} />
      <NavigationProvider>
        <AccountTokensTable
          rows={list.rows}
          sort={{ key: query.sort, direction: query.direction }}
          summary={`${countText(shown)} ${shown === 1 ? "account" : "accounts"}`}
          previous={list.previous}
          next={list.next}
          toolbar={narrowed || counts.all > 0 ? toolbar : null}
          empty={
            narrowed ? (
              <EmptyState title="No account matches">
                Try another word, another status, or clear the filters.
              </EmptyState>
            ) : (
              <EmptyState title="No customer accounts yet">
                Your customers’ accounts and their tokens appear here as soon as there are any that you look after.
              </EmptyState>
            )
          }
        />
      </NavigationProvider>
    </>
  );
}
