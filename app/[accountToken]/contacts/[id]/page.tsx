import { recordPage } from "@/app/[accountToken]/record-page";
import { ContactPage } from "@/components/contacts/contact-page";
import { requirePermit } from "@/lib/entry/page";
import { getContact } from "@/lib/contacts/queries";
import { listComingAssignments } from "@/lib/vehicle-assignments/queries";

const { generateMetadata, Page } = recordPage({
  noun: "contact",
  permission: "contacts.read",
  read: getContact,
  more: async (accountToken, { id: contactId }) => ({
    assignments: await listComingAssignments(await requirePermit(accountToken, "vehicleAssignments.read"), {
      contactId,
    }),
  }),
  show: ({ record, ...shown }) => <ContactPage {...shown} contact={record} />,
});

export { generateMetadata };
export default Page;
