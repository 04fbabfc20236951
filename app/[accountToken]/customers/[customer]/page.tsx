import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";

import { spaceOf } from "@/app/[accountToken]/space-of";
import { CustomerPage } from "@/components/accounts/customer-page";
import { getCustomer } from "@/lib/accounts/list-customers";
import { orNotFound, requirePermit } from "@/lib/entry/page";

interface PageProps {
  params: Promise<{ accountToken: string; customer: string }>;
}

/** The customer behind the address, once per request; anything that is no customer of the viewer's is a 404. */
const customerAt = cache(async (accountToken: string, token: string) => {
  const permit = await requirePermit(accountToken, "customers.read");
  if (!/^[0-9a-f]{10}$/.test(token)) notFound();
  return { permit, customer: await orNotFound(getCustomer(permit, token)) };
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, customer } = await params;
  return { title: (await customerAt(accountToken, customer)).customer.name };
}

export default async function Page({ params }: PageProps) {
  const { accountToken, customer: token } = await params;
  const { permit, customer } = await customerAt(accountToken, token);
  return <CustomerPage space={await spaceOf(permit)} customer={customer} />;
}
