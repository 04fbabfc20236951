import { RecordHistory } from "@/components/audit-log/record-history";
import { customFieldFacts } from "@/components/custom-fields/custom-field-facts";
import { FactList } from "@/components/record/fact-list";
import { Breadcrumb, RecordSection } from "@/components/record/record-section";
import { RelatedList } from "@/components/record/related-list";
import { PageHead } from "@/components/shell/page-head";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { HistoryRow } from "@/lib/audit-log/queries";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { AssignmentDetails } from "@/lib/vehicle-assignments/list-assignment-rows";
import { AssignmentPageActions } from "./assignment-verbs";
import { AssignmentStateBadge, EndTime, StartTime } from "./assignment-words";

export interface AssignmentPageProps {
  readonly accountToken: string;
  readonly assignment: AssignmentDetails;
  readonly definitions: readonly CustomFieldDefinition[];
  /** Null for a viewer who may not read the audit log. */
  readonly history: readonly HistoryRow[] | null;
}

function sayReading(value: string | null, isVoid: boolean): string | null {
  return value === null ? null : `${value}${isVoid ? " (void)" : ""}`;
}

/** An assignment's own page: its facts and what was said about it. */
export function AssignmentPage({ accountToken, assignment, definitions, history }: AssignmentPageProps) {
  const { vehicle, contact, comments } = assignment;
  return (
    <>
      <Breadcrumb href={`/${accountToken}/vehicle-assignments`}>Vehicle Assignments</Breadcrumb>
      <PageHead
        title={assignment.name}
        purpose={<AssignmentStateBadge state={assignment.state} />}
        action={<AssignmentPageActions accountToken={accountToken} definitions={definitions} assignment={assignment} />}
      />
      <div className="grid gap-8 lg:grid-cols-2">
        <RecordSection id="facts" title="Facts">
          <FactList
            facts={[
              { label: "Vehicle", value: <RecordLink href={`/${accountToken}/vehicles/${vehicle.id}`} {...vehicle} /> },
              { label: "Driver", value: <RecordLink href={`/${accountToken}/contacts/${contact.id}`} {...contact} /> },
              { label: "Start", value: <StartTime value={assignment.startedAt} /> },
              { label: "End", value: <EndTime value={assignment.endedAt} /> },
              {
                label: "Meter at the start",
                value: sayReading(assignment.startingMeterValue, assignment.startingMeterVoid),
              },
              { label: "Meter at the end", value: sayReading(assignment.endingMeterValue, assignment.endingMeterVoid) },
              { label: "Date added", value: <Time value={assignment.createdAt} zone /> },
            ]}
          />
        </RecordSection>
        <div className="grid content-start gap-8">
          {definitions.length > 0 && (
            <RecordSection id="custom-fields" title="Custom fields">
              <FactList facts={customFieldFacts(definitions, assignment.customFields)} />
            </RecordSection>
          )}
          <RecordSection id="comments" title="Comments">
            <RelatedList
              items={comments.map(({ comment, createdAt, author }, at) => ({
                key: at,
                main: <span className="whitespace-pre-wrap">{comment}</span>,
                sub: (
                  <>
                    {author ?? "Unknown"}, <Time value={createdAt} plain />
                  </>
                ),
              }))}
              empty="No comments. Edit the assignment to add one."
            />
          </RecordSection>
        </div>
      </div>
      {history !== null && (
        <RecordHistory
          entries={history}
          logHref={`/${accountToken}/audit-log?record=vehicleAssignment:${assignment.id}`}
          noun="assignment"
        />
      )}
    </>
  );
}

function RecordLink({ href, name }: { href: string; name: string }) {
  return (
    <Link href={href} className="text-accent hover:underline">
      {name}
    </Link>
  );
}
