import type { Metadata } from "next";
import { cache } from "react";

import { recordAt } from "@/app/[accountToken]/record-at";
import { AssignmentPage } from "@/components/vehicle-assignments/assignment-page";
import { recordHistory } from "@/lib/audit-log/queries";
import { mayDo } from "@/lib/auth/permit";
import { requireCustomerPermit, requirePermit } from "@/lib/entry/page";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { getAssignment } from "@/lib/vehicle-assignments/list-assignment-rows";

interface PageProps {
  params: Promise<{ accountToken: string; id: string }>;
}

const assignmentAt = cache(async (accountToken: string, id: string) => {
  const permit = await requireCustomerPermit(accountToken, "vehicleAssignments.read");
  return { permit, assignment: await recordAt(id, (assignmentId) => getAssignment(permit, assignmentId)) };
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, id } = await params;
  return { title: (await assignmentAt(accountToken, id)).assignment.name };
}

export default async function Page({ params }: PageProps) {
  const { accountToken, id } = await params;
  const { permit, assignment } = await assignmentAt(accountToken, id);
  const [definitions, history] = await Promise.all([
    customFieldDefinitions(permit, "vehicle_assignment"),
    mayDo(permit.actor, "auditLog.read")
      ? requirePermit(accountToken, "auditLog.read").then((auditor) =>
          recordHistory(auditor, { type: "vehicleAssignment", id: assignment.id }),
        )
      : null,
  ]);
  return (
    <AssignmentPage
      accountToken={permit.account.token}
      assignment={assignment}
      definitions={definitions}
      history={history}
    />
  );
}
