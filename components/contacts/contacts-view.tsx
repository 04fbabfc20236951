import { UserPlus } from "lucide-react";

import { countText } from "@/components/data-table/list-href";
import { ImportExport } from "@/components/imports/import-export";
import { ArchivableControls } from "@/components/record/archivable-controls";
import { PageHead } from "@/components/shell/page-head";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
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
  const count = list.counts[show ?? "current"];
  const isNarrowed = q !== "" || role !== null || show !== null || list.counts.archived > 0;
  const add = (
    <ButtonLink
      variant="primary"
      href={`/${accountToken}/contacts/new`}
      icon={<UserPlus aria-hidden size={16} strokeWidth={1.75} />}
    >
      Add Contact
    </ButtonLink>
  );
  const toolbar = (
    <ArchivableControls
      searchLabel="Search by name, e-mail or number"
      search={q}
      show={show}
      counts={list.counts}
      filters={[{ id: "role", label: "Role", options: ROLES, value: role }]}
    />
  );
  const empty = isNarrowed ? (
    <EmptyState title="No contact matches">Try another word, or clear the filters.</EmptyState>
  ) : (
    <EmptyState title="No contacts yet" action={add}>
      Contacts are the people of the fleet: who drives, and who works on vehicles. A contact can be assigned to a
      vehicle.
    </EmptyState>
  );
  return (
    <>
      <PageHead
        title="Contacts"
        purpose="The people of the fleet: who drives, and who works on vehicles."
        action={
          <>
            <ImportExport
              accountToken={accountToken}
              record="contacts"
              filters={{ q, role, show }}
              isEmpty={count === 0}
            />
            {add}
          </>
        }
      />
      <NavigationProvider>
        <ContactsTable
          accountToken={accountToken}
          page={list}
          sort={{ key: sort, direction }}
          summary={`${countText(count)} ${count === 1 ? "contact" : "contacts"}`}
          toolbar={isNarrowed || count > 0 ? toolbar : null}
          empty={empty}
        />
      </NavigationProvider>
    </>
  );
}
