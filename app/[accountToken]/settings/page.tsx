import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { AccountSettings } from "@/components/accounts/account-settings";
import { mayDo } from "@/lib/auth/permit";
import { requirePermit } from "@/lib/entry/page";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage({ params }: { params: Promise<{ accountToken: string }> }) {
  const { account, actor } = await requirePermit((await params).accountToken, "accounts.open");
  if (account.kind !== "customer") notFound();
  return <AccountSettings account={account} mayChangePlan={mayDo(actor, "accounts.changePlan")} />;
}
