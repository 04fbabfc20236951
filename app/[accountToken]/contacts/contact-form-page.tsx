import { RecordFormHead } from "@/app/[accountToken]/record-form-head";
import { ContactForm } from "@/components/contacts/contact-form";
import { requireCustomerPermit } from "@/lib/entry/page";
import type { ContactRecord } from "@/lib/contacts/presenter";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";

interface ContactFormPageProps {
  readonly accountToken: string;
  readonly contact: ContactRecord | null;
}

/** The page of the form, for a new contact and for one that exists. */
export async function ContactFormPage({ accountToken, contact }: ContactFormPageProps) {
  const permit = await requireCustomerPermit(accountToken, "contacts.write");
  const definitions = await customFieldDefinitions(permit, "contact");
  return (
    <>
      <RecordFormHead
        listHref={`/${accountToken}/contacts`}
        list="Contacts"
        noun="contact"
        record={contact}
        purpose="A first name is enough to begin with."
      />
      <ContactForm accountToken={accountToken} definitions={definitions} contact={contact} />
    </>
  );
}
