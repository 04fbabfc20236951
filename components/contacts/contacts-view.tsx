import { UserPlus } from "lucide-react";

import { ListFrame } from "@/components/imports/list-frame";
import { ArchivableControls } from "@/components/record/archivable-controls";
import { ButtonLink } from "@/components/ui/button";
import type { ContactRow } from "@/lib/contacts/queries";
import type { ContactListQuery } from "@/lib/contacts/schema";
import type { RecordList } from "@/lib/platform/record-list";
import { ContactsTable } from "./contacts-table";

export interface ContactsViewProps {
  readonly accountToken: string;
  readonly query: ContactListQuery;
  readonly list: RecordList<ContactRow>;
}

const ROLES = [
  { value: "operator", label: "Operator" },
  { value: "employee", label: "Employee" },
  { value: "technician", label: "Technician" },
];

export function ContactsView({ accountToken, query, list }: ContactsViewProps) {
  const { q, role, show, sort, direction } = query;
  const { counts } = list;
  return (
    <ListFrame
      accountToken={accountToken}
      noun="contact"
      purpose="The people of the fleet: who drives, and who works on vehicles."
      filters={{ q, role, show }}
      count={counts[show ?? "current"]}
      hasOthers={counts.archived > 0}
      add={
        <ButtonLink
          variant="primary"
          href={`/${accountToken}/contacts/new`}
          icon={<UserPlus aria-hidden size={16} strokeWidth={1.75} />}
        >
          Add Contact
        </ButtonLink>
      }
      toolbar={
        <ArchivableControls
          searchLabel="Search by name, e-mail or number"
          search={q}
          show={show}
          counts={counts}
          filters={[{ id: "role", label: "Role", options: ROLES, value: role }]}
        />
      }
      about="Contacts are the people of the fleet: who drives, and who works on vehicles. A contact can be assigned to a vehicle."
      otherwise="Try another word, or clear the filters."
      table={(parts) => (
        <ContactsTable {...parts} accountToken={accountToken} page={list} sort={{ key: sort, direction }} />
      )}
    />
  );
}
