import type { Metadata } from "next";

import { spaceOf } from "@/app/[accountToken]/space-of";
import { AccountTokensView } from "@/components/account-tokens/account-tokens-view";
import { countAccountTokens, listAccountTokens, listGrantableCustomers } from "@/lib/accounts/queries";
import { accountListQuery } from "@/lib/accounts/schema";
import { countAllApiKeys } from "@/lib/api-keys/queries";
import { requirePermit } from "@/lib/entry/page";

export const metadata: Metadata = { title: "Account Tokens" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AccountTokensPage({ params, searchParams }: PageProps) {
  const { accountToken } = await params;
  const permit = await requirePermit(accountToken, "accountTokens.read");
  const keysPermit = await requirePermit(accountToken, "apiKeys.read");
  const space = await spaceOf(permit);
  const query = accountListQuery.parse(await searchParams);
  const [list, keys, tokens, customers] = await Promise.all([
    listAccountTokens(permit, query),
    countAllApiKeys(keysPermit),
    countAccountTokens(permit),
    space.viewer.mayIssue ? listGrantableCustomers(keysPermit) : Promise.resolve([]),
  ]);
  return (
    <AccountTokensView space={space} query={query} list={list} tabCounts={{ keys, tokens }} customers={customers} />
  );
}
