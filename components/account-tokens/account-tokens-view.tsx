import { AccountsList } from "@/components/accounts/accounts-list";
import { HubFrame, type HubFrameProps } from "@/components/api-keys/hub-frame";
import { EmptyState } from "@/components/ui/empty-state";
import type { AccountTokenList } from "@/lib/accounts/queries";
import type { AccountListQuery } from "@/lib/accounts/schema";

export interface AccountTokensViewProps extends Omit<HubFrameProps, "current" | "resume" | "children"> {
  readonly query: AccountListQuery;
  readonly list: AccountTokenList;
}

export function AccountTokensView({ query, list, ...head }: AccountTokensViewProps) {
  return (
    <HubFrame {...head} current="account-tokens">
      <AccountsList
        label="Account tokens"
        noun="account"
        customersHref={null}
        query={query}
        list={list}
        none={
          <EmptyState title="No customer accounts yet">
            Your customers’ accounts and their tokens appear here as soon as there are any that you look after.
          </EmptyState>
        }
      />
    </HubFrame>
  );
}
