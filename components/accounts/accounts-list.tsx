import type { ReactNode } from "react";

import { ListControls, type ListFilter } from "@/components/data-table/list-controls";
import { countText } from "@/components/data-table/list-href";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
import { ACCOUNT_STATUSES, PLANS } from "@/lib/accounts/policy";
import type { AccountTokenList } from "@/lib/accounts/queries";
import type { AccountListQuery } from "@/lib/accounts/schema";
import { PLAN_WORDS, sayAccountStatus } from "./account-words";
import { AccountsTable, type AccountsTableProps } from "./accounts-table";

export interface AccountsListProps extends Pick<AccountsTableProps, "label" | "customersHref"> {
  readonly query: AccountListQuery;
  readonly list: AccountsTableProps["page"] & Pick<AccountTokenList, "counts">;
  readonly moreFilters?: readonly ListFilter[];
  /** "account" or "customer" */
  readonly noun: string;
  /** Stands where there is none at all. */
  readonly none: ReactNode;
}

/** Accounts with search, status and filters: the tokens, and the Hub's customers. */
export function AccountsList(props: AccountsListProps) {
  const { label, customersHref, query, list, moreFilters = [], noun, none } = props;
  const { counts } = list;
  const shown = counts[query.status ?? "all"];
  const plans = PLANS.map((value) => ({ value, label: PLAN_WORDS[value].name }));
  const filters: ListFilter[] = [{ id: "plan", label: "Plan", options: plans, value: query.plan }, ...moreFilters];
  const narrowed = query.q !== "" || query.status !== null || filters.some(({ value }) => value !== null);
  return (
    <NavigationProvider>
      <AccountsTable
        label={label}
        customersHref={customersHref}
        page={list}
        sort={{ key: query.sort, direction: query.direction }}
        summary={`${countText(shown)} ${shown === 1 ? noun : `${noun}s`}`}
        toolbar={
          narrowed || counts.all > 0 ? (
            <ListControls
              searchLabel="Search by name or token"
              search={query.q}
              status={query.status}
              statuses={[
                { value: null, label: "All", count: countText(counts.all) },
                ...ACCOUNT_STATUSES.map((value) => ({
                  value,
                  label: sayAccountStatus(value),
                  count: countText(counts[value]),
                })),
              ]}
              filters={filters}
            />
          ) : null
        }
        empty={
          narrowed ? (
            <EmptyState title={`No ${noun} matches`}>
              Try another word, another status, or clear the filters.
            </EmptyState>
          ) : (
            none
          )
        }
      />
    </NavigationProvider>
  );
}
