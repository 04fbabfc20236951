import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";

import { CustomerPage } from "@/components/accounts/customer-page";
import { getCustomer } from "@/lib/accounts/customers";
import { requirePermit } from "@/lib/auth/session";
import { DomainError } from "@/lib/platform/errors";

interface PageProps {
  params: Promise<{ accountToken: string; customer: string }>;
}

/** The customer behind the address, once per request; anything that is no customer of the viewer's is a 404. */
const customerAt = cache(async (accountToken: string, token: string) => {
  const permit = await requirePermit(accountToken, "customers.read");
  if (!/^[0-9a-f]{10}$/.test(token)) notFound();
  try {
    return await getCustomer(permit, token);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, customer } = await params;
  return { title: (await customerAt(accountToken, customer)).name };
}

export default async function Page({ params }: PageProps) {
  const { accountToken, customer } = await params;
  return <CustomerPage accountToken={accountToken} customer={await customerAt(accountToken, customer)} />;
}
