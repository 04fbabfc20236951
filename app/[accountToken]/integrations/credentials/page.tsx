import type { Metadata } from "next";

import { spaceOf } from "@/app/[accountToken]/space-of";
import { CredentialsRefusal } from "@/components/integration-credentials/credentials-refusal";
import { CredentialsView } from "@/components/integration-credentials/credentials-view";
import { mayDo } from "@/lib/auth/permit";
import { requirePermit } from "@/lib/entry/page";
import { listCredentials } from "@/lib/integration-credentials/queries";
import { credentialsQuery } from "@/lib/integration-credentials/schema";

export const metadata: Metadata = { title: "Credentials" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function CredentialsPage({ params, searchParams }: PageProps) {
  const { accountToken } = await params;
  const { account, actor } = await requirePermit(accountToken, "accounts.open");
  // Who may not is told so, and whom to ask: he is led here for what else there is to see among integrations.
  if (!mayDo(actor, "credentials.read"))
    return <CredentialsRefusal limited={actor.kind === "user" && actor.customerLimit !== null} />;
  const permit = await requirePermit(accountToken, "credentials.read");
  const [space, list, given] = await Promise.all([spaceOf(permit), listCredentials(permit), searchParams]);
  return (
    <CredentialsView
      space={space}
      plan={account.plan}
      mayChangePlan={mayDo(actor, "accounts.changePlan")}
      list={list}
      query={credentialsQuery.parse(given)}
    />
  );
}
