import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { CustomersView } from "@/components/accounts/customers-view";
import { listAdvisors, listCustomers } from "@/lib/accounts/list-customers";
import { customerListQuery } from "@/lib/accounts/schema";
import { mayDo } from "@/lib/auth/permit";
import { requirePermit } from "@/lib/entry/page";

export const metadata: Metadata = { title: "Customers" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function CustomersPage({ params, searchParams }: PageProps) {
  const permit = await requirePermit((await params).accountToken, "customers.read");
  if (permit.account.kind !== "partner") notFound();
  const query = customerListQuery.parse(await searchParams);
  const [list, advisors] = await Promise.all([listCustomers(permit, query), listAdvisors(permit)]);
  return (
    <CustomersView
      accountToken={permit.account.token}
      mayManage={mayDo(permit.actor, "customers.manage")}
      query={query}
      list={list}
      advisors={advisors}
    />
  );
}
