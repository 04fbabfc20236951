import type { Metadata } from "next";
import { cache } from "react";

import { recordAt } from "@/app/[accountToken]/record-at";
import { ContactPage } from "@/components/contacts/contact-page";
import { recordHistory } from "@/lib/audit-log/queries";
import { mayDo } from "@/lib/auth/permit";
import { requireCustomerPermit, requirePermit } from "@/lib/entry/page";
import { getContact } from "@/lib/contacts/queries";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { listComingAssignments } from "@/lib/vehicle-assignments/queries";

interface PageProps {
  params: Promise<{ accountToken: string; id: string }>;
}

const contactAt = cache(async (accountToken: string, id: string) => {
  const permit = await requireCustomerPermit(accountToken, "contacts.read");
  return { permit, contact: await recordAt(id, (contactId) => getContact(permit, contactId)) };
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, id } = await params;
  return { title: (await contactAt(accountToken, id)).contact.name };
}

export default async function Page({ params }: PageProps) {
  const { accountToken, id } = await params;
  const { permit, contact } = await contactAt(accountToken, id);
  const contactId = contact.id;
  const assigner = await requirePermit(accountToken, "vehicleAssignments.read");
  const auditor = mayDo(permit.actor, "auditLog.read") ? await requirePermit(accountToken, "auditLog.read") : null;
  const [definitions, assignments, history] = await Promise.all([
    customFieldDefinitions(permit, "contact"),
    listComingAssignments(assigner, { contactId }),
    auditor && recordHistory(auditor, { type: "contact", id: contactId }),
  ]);
  return (
    <ContactPage
      accountToken={permit.account.token}
      contact={contact}
      definitions={definitions}
      assignments={assignments}
      history={history}
    />
  );
}
