import type { Metadata } from "next";

import { RecordFormPage } from "@/app/[accountToken]/record-form-page";
import { ContactForm } from "@/components/contacts/contact-form";

export const metadata: Metadata = { title: "Add contact" };

export default async function Page({ params }: { params: Promise<{ accountToken: string }> }) {
  const { accountToken } = await params;
  return (
    <RecordFormPage
      accountToken={accountToken}
      noun="contact"
      permission="contacts.write"
      record={null}
      purpose="A first name is enough to begin with."
      form={(parts) => <ContactForm {...parts} contact={null} />}
    />
  );
}
