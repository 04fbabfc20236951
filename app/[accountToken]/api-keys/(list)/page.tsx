import type { Metadata } from "next";

import { spaceOf } from "@/app/[accountToken]/space-of";
import { PlanNotice } from "@/components/accounts/plan-notice";
import { ApiKeysView } from "@/components/api-keys/api-keys-view";
import { IntegrationHelp } from "@/components/api-keys/integration-help";
import { countAccountTokens, listAccountTokens, listGrantableCustomers } from "@/lib/accounts/queries";
import { accountListQuery } from "@/lib/accounts/schema";
import { countAllApiKeys, listApiKeys, listKeyCreators, listLeakedKeys } from "@/lib/api-keys/queries";
import { apiKeyListQuery } from "@/lib/api-keys/schema";
import { mayDo } from "@/lib/auth/permit";
import { requirePermit } from "@/lib/entry/page";

/** Beneath a customer's keys; the rest stands at Account Tokens. */
const ACCOUNTS_SHOWN = 10;

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { account } = await requirePermit((await params).accountToken, "apiKeys.read");
  return { title: account.kind === "customer" ? "Manage API Keys" : "API Keys" };
}

export default async function ApiKeysPage({ params, searchParams }: PageProps) {
  const { accountToken } = await params;
  const permit = await requirePermit(accountToken, "apiKeys.read");
  const { account, actor } = permit;
  const space = await spaceOf(permit);
  const given = await searchParams;
  const query = apiKeyListQuery.parse(given);
  const ofCustomer = account.kind === "customer" ? await requirePermit(accountToken, "accountTokens.read") : null;
  const [list, keys, tokens, creators, leaked, customers, accounts] = await Promise.all([
    listApiKeys(permit, query),
    countAllApiKeys(permit),
    countAccountTokens(permit),
    listKeyCreators(permit),
    listLeakedKeys(permit),
    space.viewer.mayIssue ? listGrantableCustomers(permit) : Promise.resolve([]),
    ofCustomer && listAccountTokens(ofCustomer, accountListQuery.parse({})),
  ]);
  return (
    <ApiKeysView
      space={space}
      query={query}
      list={list}
      tabCounts={{ keys, tokens }}
      creators={creators}
      leaked={leaked}
      customers={customers}
      notice={ofCustomer && <PlanNotice account={account} mayChangePlan={mayDo(actor, "accounts.changePlan")} />}
      below={accounts && <IntegrationHelp space={space} accounts={accounts.rows.slice(0, ACCOUNTS_SHOWN)} />}
      resume={given.resume === "create" && space.viewer.mayIssue}
    />
  );
}
