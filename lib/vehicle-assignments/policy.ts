interface Span {
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** Whether an assignment ends after it starts; without a start or an end it always does. */
export function endsAfterStart({ startedAt, endedAt }: Span): boolean {
  return startedAt === null || endedAt === null || endedAt > startedAt;
}

/** The time of an assignment in words. */
export function saySpan({ startedAt, endedAt }: Span): string {
  const from = startedAt === null ? "from the beginning" : `from ${startedAt.toISOString()}`;
  return endedAt === null ? `${from}, without an end` : `${from} until ${endedAt.toISOString()}`;
}

export const ASSIGNMENT_STATES = ["current", "future", "past"] as const;
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number];

/** What the database's clock says of an assignment, as one word. */
export function stateOf({
  isCurrent,
  isFuture,
}: {
  readonly isCurrent: boolean;
  readonly isFuture: boolean;
}): AssignmentState {
  if (isCurrent) return "current";
  return isFuture ? "future" : "past";
}

/** What can be done with an assignment: in which states, and by which permission. */
const ASSIGNMENT_VERBS = {
  edit: { on: ASSIGNMENT_STATES, permission: "vehicleAssignments.write" },
  end: { on: ["current"], permission: "vehicleAssignments.write" },
  delete: { on: ASSIGNMENT_STATES, permission: "vehicleAssignments.delete" },
} as const satisfies Record<string, { readonly on: readonly AssignmentState[]; readonly permission: string }>;

export type AssignmentVerb = keyof typeof ASSIGNMENT_VERBS;

/** The verbs that an assignment's row offers. */
export function assignmentVerbs(
  state: AssignmentState,
  may: (permission: (typeof ASSIGNMENT_VERBS)[AssignmentVerb]["permission"]) => boolean,
): AssignmentVerb[] {
  return (Object.keys(ASSIGNMENT_VERBS) as AssignmentVerb[]).filter((verb) => {
    const { on, permission } = ASSIGNMENT_VERBS[verb];
    return on.some((each) => each === state) && may(permission);
  });
}
