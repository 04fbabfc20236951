import type { Metadata } from "next";

import { ContactFormPage } from "@/app/[accountToken]/contacts/contact-form-page";
import { recordAt } from "@/app/[accountToken]/record-at";
import { requireCustomerPermit } from "@/lib/entry/page";
import { getContact } from "@/lib/contacts/queries";

export const metadata: Metadata = { title: "Edit contact" };

export default async function Page({ params }: { params: Promise<{ accountToken: string; id: string }> }) {
  const { accountToken, id } = await params;
  const permit = await requireCustomerPermit(accountToken, "contacts.read");
  const contact = await recordAt(id, (contactId) => getContact(permit, contactId));
  return <ContactFormPage accountToken={accountToken} contact={contact} />;
}
