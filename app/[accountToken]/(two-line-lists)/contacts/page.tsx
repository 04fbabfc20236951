import type { Metadata } from "next";

import { ContactsView } from "@/components/contacts/contacts-view";
import { requireCustomerPermit } from "@/lib/entry/page";
import { listContactRows } from "@/lib/contacts/queries";
import { contactListQuery } from "@/lib/contacts/schema";

export const metadata: Metadata = { title: "Contacts" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ContactsPage({ params, searchParams }: PageProps) {
  const permit = await requireCustomerPermit((await params).accountToken, "contacts.read");
  const query = contactListQuery.parse(await searchParams);
  return <ContactsView accountToken={permit.account.token} query={query} list={await listContactRows(permit, query)} />;
}
