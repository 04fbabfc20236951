import { PageHead } from "@/components/shell/page-head";
import { EmptyState } from "@/components/ui/empty-state";
import type { Advisor, CustomerList } from "@/lib/accounts/list-customers";
import type { CustomerListQuery } from "@/lib/accounts/schema";
import { AccountsList } from "./accounts-list";
import { AddCustomer } from "./add-customer";

export interface CustomersViewProps {
  readonly accountToken: string;
  readonly mayManage: boolean;
  readonly query: CustomerListQuery;
  readonly list: CustomerList;
  readonly advisors: readonly Advisor[];
}

/** Hub → Customers. */
export function CustomersView({ accountToken, mayManage, query, list, advisors }: CustomersViewProps) {
  const add = mayManage ? <AddCustomer accountToken={accountToken} /> : undefined;
  const byAdvisor = {
    id: "advisor",
    label: "Assigned advisor",
    options: advisors.map(({ id, name }) => ({ value: String(id), label: name })),
    value: query.advisor === null ? null : String(query.advisor),
  };
  return (
    <>
      <PageHead
        title="Customers"
        purpose="The accounts whose fleets you advise: their plan, their people, and the keys that can reach them."
        action={add}
      />
      <AccountsList
        label="Customers"
        noun="customer"
        customersHref={`/${accountToken}/customers`}
        query={query}
        list={list}
        moreFilters={advisors.length > 0 || query.advisor !== null ? [byAdvisor] : []}
        none={
          <EmptyState title="No customers yet" action={add}>
            {mayManage
              ? "Add your first customer: its owner is invited by e-mail, and your keys can reach it at once."
              : "The customers that you look after appear here. An owner of your account adds them."}
          </EmptyState>
        }
      />
    </>
  );
}
