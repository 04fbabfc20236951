import type { Metadata } from "next";

import { contactFilter, vehicleFilter } from "@/app/[accountToken]/record-filters";
import { AssignmentsView } from "@/components/vehicle-assignments/assignments-view";
import { requireCustomerPermit } from "@/lib/entry/page";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { listAssignmentRows } from "@/lib/vehicle-assignments/list-assignment-rows";
import { assignmentListQuery } from "@/lib/vehicle-assignments/schema";

export const metadata: Metadata = { title: "Vehicle Assignments" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function VehicleAssignmentsPage({ params, searchParams }: PageProps) {
  const { accountToken } = await params;
  const permit = await requireCustomerPermit(accountToken, "vehicleAssignments.read");
  const query = assignmentListQuery.parse(await searchParams);
  const [list, definitions, vehicle, contact] = await Promise.all([
    listAssignmentRows(permit, query),
    customFieldDefinitions(permit, "vehicle_assignment"),
    vehicleFilter(accountToken, query.vehicle),
    contactFilter(accountToken, query.contact),
  ]);
  return (
    <AssignmentsView
      accountToken={permit.account.token}
      query={query}
      list={list}
      definitions={definitions}
      vehicle={vehicle}
      contact={contact}
    />
  );
}
