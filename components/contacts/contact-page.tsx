import { RecordHistory } from "@/components/audit-log/record-history";
import { customFieldFacts } from "@/components/custom-fields/custom-field-facts";
import { FactList } from "@/components/record/fact-list";
import { Breadcrumb, RecordSection } from "@/components/record/record-section";
import { RelatedList } from "@/components/record/related-list";
import { PageHead } from "@/components/shell/page-head";
import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { formatDate } from "@/components/ui/time-format";
import type { HistoryRow } from "@/lib/audit-log/queries";
import type { ContactDetails } from "@/lib/contacts/queries";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { VehicleAssignmentRecord } from "@/lib/vehicle-assignments/presenter";
import { AssignmentSpan } from "@/components/vehicle-assignments/assignment-span";
import { ContactPageActions } from "./contact-verbs";
import { sayRoles } from "./contact-words";

export interface ContactPageProps {
  readonly accountToken: string;
  readonly contact: ContactDetails;
  readonly definitions: readonly CustomFieldDefinition[];
  /** Those that go on and those to come. */
  readonly assignments: readonly VehicleAssignmentRecord[];
  /** Null for a viewer who may not read the audit log. */
  readonly history: readonly HistoryRow[] | null;
}

/** A contact's own page: what is known, which vehicles go with it, and what was done. */
export function ContactPage({ accountToken, contact, definitions, assignments, history }: ContactPageProps) {
  const { id, name, verbs, archivedAt } = contact;
  return (
    <>
      <Breadcrumb href={`/${accountToken}/contacts`}>Contacts</Breadcrumb>
      <PageHead
        title={name}
        purpose={contact.jobTitle ?? sayRoles(contact)}
        action={<ContactPageActions accountToken={accountToken} contact={{ id, name, verbs }} />}
      />
      {archivedAt !== null && (
        <Notice className="mb-5">
          Archived since <Time value={archivedAt.toISOString()} zone />. This contact is left out of the list of current
          contacts.
        </Notice>
      )}
      <div className="grid gap-8 lg:grid-cols-2">
        <Facts contact={contact} />
        <div className="grid content-start gap-8">
          <Vehicles accountToken={accountToken} assignments={assignments} />
          <License contact={contact} />
          {definitions.length > 0 && (
            <RecordSection id="custom-fields" title="Custom fields">
              <FactList facts={customFieldFacts(definitions, contact.customFields)} />
            </RecordSection>
          )}
        </div>
      </div>
      {history !== null && (
        <RecordHistory noun="contact" entries={history} logHref={`/${accountToken}/audit-log?record=contact:${id}`} />
      )}
    </>
  );
}

const day = (value: string | null) => value && formatDate(new Date(value), "UTC");

function addressOf(contact: ContactDetails): string {
  const { streetAddress, streetAddressLine2, city, region, postalCode, country } = contact;
  const place = [postalCode, city].filter(Boolean).join(" ");
  return [streetAddress, streetAddressLine2, place, region, country].filter(Boolean).join(", ");
}

function Facts({ contact }: { contact: ContactDetails }) {
  return (
    <RecordSection id="facts" title="Facts">
      <FactList
        facts={[
          { label: "Roles", value: sayRoles(contact) },
          { label: "E-mail address", value: contact.email },
          { label: "Mobile phone", value: contact.mobilePhoneNumber },
          { label: "Work phone", value: contact.workPhoneNumber, ifKnown: true },
          { label: "Home phone", value: contact.homePhoneNumber, ifKnown: true },
          { label: "Other phone", value: contact.otherPhoneNumber, ifKnown: true },
          { label: "Address", value: addressOf(contact) },
          { label: "Employee number", value: contact.employeeNumber, ifKnown: true },
          { label: "Date of birth", value: day(contact.birthDate), ifKnown: true },
          { label: "Started on", value: day(contact.startDate), ifKnown: true },
          { label: "Left on", value: day(contact.leaveDate), ifKnown: true },
          { label: "Date added", value: <Time value={contact.createdAt.toISOString()} zone /> },
          { label: "Last changed", value: <Time value={contact.updatedAt.toISOString()} zone /> },
        ]}
      />
    </RecordSection>
  );
}

function License({ contact }: { contact: ContactDetails }) {
  return (
    <RecordSection id="license" title="Driver’s license">
      <FactList
        facts={[
          { label: "Number", value: contact.licenseNumber },
          { label: "Class", value: contact.licenseClass, ifKnown: true },
          { label: "Issued by", value: contact.licenseState, ifKnown: true },
          { label: "Valid until", value: day(contact.licenseExpiration) },
        ]}
      />
    </RecordSection>
  );
}

function Vehicles({ accountToken, assignments }: Pick<ContactPageProps, "accountToken" | "assignments">) {
  const items = assignments.map((assignment) => ({
    key: assignment.id,
    main: (
      <Link href={`/${accountToken}/vehicles/${assignment.vehicle.id}`} className="font-medium hover:underline">
        {assignment.vehicle.name}
      </Link>
    ),
    sub: <AssignmentSpan assignment={assignment} />,
    aside: assignment.isCurrent ? <Badge tone="ok">Current</Badge> : <Badge tone="warn">To come</Badge>,
  }));
  return (
    <RecordSection id="vehicles" title="Vehicles">
      <RelatedList empty="No vehicle goes with this contact, and none is to come." items={items} />
    </RecordSection>
  );
}
