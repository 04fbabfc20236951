import type { Metadata } from "next";

import { recordAt } from "@/app/[accountToken]/record-at";
import { RecordFormPage } from "@/app/[accountToken]/record-form-page";
import { ContactForm } from "@/components/contacts/contact-form";
import { requireCustomerPermit } from "@/lib/entry/page";
import { getContact } from "@/lib/contacts/queries";

export const metadata: Metadata = { title: "Edit contact" };

export default async function Page({ params }: { params: Promise<{ accountToken: string; id: string }> }) {
  const { accountToken, id } = await params;
  const permit = await requireCustomerPermit(accountToken, "contacts.read");
  const contact = await recordAt(id, (contactId) => getContact(permit, contactId));
  return (
    <RecordFormPage
      accountToken={accountToken}
      noun="contact"
      permission="contacts.write"
      record={contact}
      form={(parts) => <ContactForm {...parts} contact={contact} />}
    />
  );
}
