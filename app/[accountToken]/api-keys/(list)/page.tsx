import type { Metadata } from "next";

import { spaceOf } from "@/app/[accountToken]/space-of";
import { ApiKeysView } from "@/components/api-keys/api-keys-view";
import { countAccountTokens, listGrantableCustomers } from "@/lib/accounts/queries";
import { countAllApiKeys, listApiKeys, listKeyCreators, listLeakedKeys } from "@/lib/api-keys/queries";
import { apiKeyListQuery } from "@/lib/api-keys/schema";
import { requirePermit } from "@/lib/auth/session";

export const metadata: Metadata = { title: "API Keys" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ApiKeysPage({ params, searchParams }: PageProps) {
  const permit = await requirePermit((await params).accountToken, "apiKeys.read");
  const space = await spaceOf(permit);
  const given = await searchParams;
  const query = apiKeyListQuery.parse(given);
  const [list, keys, tokens, creators, leaked, customers] = await Promise.all([
    listApiKeys(permit, query),
    countAllApiKeys(permit),
    countAccountTokens(permit),
    listKeyCreators(permit),
    listLeakedKeys(permit),
    space.viewer.mayIssue ? listGrantableCustomers(permit) : Promise.resolve([]),
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
      resume={given.resume === "create" && space.viewer.mayIssue}
    />
  );
}
