import { Time } from "@/components/ui/time";
import type { VehicleAssignmentRecord } from "@/lib/vehicle-assignments/presenter";

/** From when to when somebody has a vehicle. */
export function AssignmentSpan({ assignment }: { assignment: Pick<VehicleAssignmentRecord, "startedAt" | "endedAt"> }) {
  const { startedAt, endedAt } = assignment;
  return (
    <>
      {startedAt === null ? "From the beginning" : <Time value={startedAt.toISOString()} plain />} to{" "}
      {endedAt === null ? "further notice" : <Time value={endedAt.toISOString()} plain />}
    </>
  );
}
