import "server-only";

import type { Prisma as PrismaTypes } from "@/generated/prisma/client";
import { changesOf, factsOf } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, readOnce, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { customFieldsOfNew, mergeCustomFields } from "@/lib/custom-fields/policy";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { constraintOf } from "@/lib/platform/database/errors";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord, wrongFields, type RecordInTheWay } from "@/lib/platform/errors";
import { endsAfterStart, saySpan } from "./policy";
import { presentVehicleAssignment, type AssignmentComment, type VehicleAssignmentRecord } from "./presenter";
import { findAssignmentInTheWay, vehicleAssignmentSource } from "./queries";
import type { CreateVehicleAssignmentInput, VehicleAssignmentChangesInput } from "./schema";

type Writer = Permit<"vehicleAssignments.write">;
type Deleter = Permit<"vehicleAssignments.delete">;

const MOST_COMMENTS = 500;

function holdAssignments(tx: Tx, accountId: number, ids: readonly number[]): Promise<VehicleAssignmentRecord[]> {
  const { select, from, where } = vehicleAssignmentSource(accountId);
  return tx.$queryRaw<VehicleAssignmentRecord[]>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND va.id IN (${Prisma.join([...ids])}) ORDER BY va.id FOR UPDATE OF va`,
  );
}

/** The assignment as it stands, held against other changes until this one is through. */
export async function holdAssignment(tx: Tx, permit: Writer | Deleter, id: number): Promise<VehicleAssignmentRecord> {
  const [assignment] = await holdAssignments(tx, permit.account.id, [id]);
  if (assignment === undefined) throw noSuchRecord();
  return assignment;
}

interface Pair {
  readonly vehicleId: number;
  readonly contactId: number;
}

/**
 * Makes sure that all are this account's and stay, and puts the writers of one vehicle in line: two that overlap are
 * then told apart by the constraint, rather than by a deadlock.
 */
async function holdVehiclesAndContacts(tx: Tx, accountId: number, pairs: readonly Pair[]): Promise<void> {
  const wanted = (field: keyof Pair) => Prisma.join([...new Set(pairs.map((pair) => pair[field]))]);
  const vehicles = await tx.$queryRaw<{ id: number }[]>`
    SELECT id FROM vehicles WHERE account_id = ${accountId} AND id IN (${wanted("vehicleId")}) ORDER BY id FOR NO KEY UPDATE`;
  const contacts = await tx.$queryRaw<{ id: number }[]>`
    SELECT id FROM contacts WHERE account_id = ${accountId} AND id IN (${wanted("contactId")}) ORDER BY id FOR KEY SHARE`;
  for (const { vehicleId, contactId } of pairs) {
    const missing = {
      ...(!vehicles.some(({ id }) => id === vehicleId) && { vehicle_id: ["must exist"] }),
      ...(!contacts.some(({ id }) => id === contactId) && { contact_id: ["must exist"] }),
    };
    if (Object.keys(missing).length > 0) throw wrongFields(missing);
  }
}

function nameOf({ contact, vehicle }: VehicleAssignmentRecord): string {
  return `${contact.name} in ${vehicle.name}`;
}

function asRecordInTheWay(assignment: VehicleAssignmentRecord): RecordInTheWay {
  const { id, startedAt, endedAt } = assignment;
  return {
    id,
    name: nameOf(assignment),
    from: startedAt?.toISOString() ?? null,
    until: endedAt?.toISOString() ?? null,
  };
}

function assignmentEvent(
  deed: "created" | "updated" | "deleted",
  assignment: VehicleAssignmentRecord,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  return {
    name: `vehicleAssignment.${deed}`,
    record: { type: "vehicleAssignment", id: assignment.id, name: nameOf(assignment) },
    ...facts,
    payload: presentVehicleAssignment(assignment),
  };
}

function withComments(
  permit: Writer,
  current: readonly AssignmentComment[],
  given: readonly { readonly comment: string }[],
  now: Date,
): AssignmentComment[] {
  const { actor } = permit;
  const author = "name" in actor ? actor.name : null;
  const comments = [...current, ...given.map(({ comment }) => ({ comment, createdAt: now.toISOString(), author }))];
  if (comments.length > MOST_COMMENTS)
    throw wrongFields({ comments_attributes: [`an assignment has at most ${MOST_COMMENTS} comments`] });
  return comments;
}

/** What of an input are columns; the rest is merged with what is there. */
function columnsGiven(input: VehicleAssignmentChangesInput) {
  const { startingMeterEntryAttributes: starting, endingMeterEntryAttributes: ending } = input;
  return {
    ...(input.vehicleId !== undefined && { vehicleId: input.vehicleId }),
    ...(input.contactId !== undefined && { contactId: input.contactId }),
    ...(input.startedAt !== undefined && { startedAt: input.startedAt }),
    ...(input.endedAt !== undefined && { endedAt: input.endedAt }),
    ...(starting?.value !== undefined && { startingMeterValue: starting.value }),
    ...(starting?.void !== undefined && { startingMeterVoid: starting.void }),
    ...(ending?.value !== undefined && { endingMeterValue: ending.value }),
    ...(ending?.void !== undefined && { endingMeterVoid: ending.void }),
  };
}

type Placed = Pick<VehicleAssignmentRecord, "vehicleId" | "startedAt" | "endedAt">;

function requireSpan(placed: Placed): void {
  if (!endsAfterStart(placed)) throw wrongFields({ ended_at: ["must be after the start"] });
}

interface Attempt {
  /** What the database is asked to have; null until then. */
  wanted: (Placed & { readonly id: number | null }) | null;
}

/** Says which assignment is in the way, once the database has refused to have both. */
async function refusingOverlap<T>(permit: Writer, work: (attempt: Attempt) => Promise<T>): Promise<T> {
  const attempt: Attempt = { wanted: null };
  try {
    return await work(attempt);
  } catch (error) {
    if (constraintOf(error) !== "vehicle_assignments_no_overlap" || attempt.wanted === null) throw error;
    const inTheWay = await findAssignmentInTheWay(permit, attempt.wanted);
    const named = inTheWay
      ? `assignment ${inTheWay.id}: ${inTheWay.contact.name}, ${saySpan(inTheWay)}`
      : "an assignment made at the same moment";
    const complaint = `overlaps ${named}. A vehicle has one assignment at a time.`;
    throw wrongFields({ started_at: [complaint] }, inTheWay && asRecordInTheWay(inTheWay));
  }
}

/**
 * Adds assignments: all, or none where one is refused. Of many that overlap with others the database alone says so.
 * @throws DomainError invalid_input
 */
export async function createVehicleAssignments(
  permit: Writer,
  inputs: readonly CreateVehicleAssignmentInput[],
): Promise<VehicleAssignmentRecord[]> {
  const accountId = permit.account.id;
  const fieldsOf = () => customFieldDefinitions(permit, "vehicle_assignment");
  const definitions = await readOnce("an assignment's fields", fieldsOf);
  const wanted = inputs.map((input) => {
    const merged = customFieldsOfNew(definitions, input.customFields);
    if (!merged.ok) throw wrongFields(merged.errors);
    const { vehicleId, contactId } = input;
    const span = { startedAt: null, endedAt: null };
    const placed = { ...span, ...columnsGiven(input), vehicleId, contactId, customFields: merged.values };
    requireSpan(placed);
    return placed;
  });
  const [only, ...others] = wanted;
  return refusingOverlap(permit, (attempt) =>
    mutate(permit, async (tx, now) => {
      await holdVehiclesAndContacts(tx, accountId, wanted);
      if (only && others.length === 0) attempt.wanted = { ...only, id: null };
      const data = wanted.map((each, index) => {
        const comments = withComments(permit, [], inputs[index]?.commentsAttributes ?? [], now);
        const own = { accountId, createdAt: now, updatedAt: now };
        return { ...each, ...own, comments: comments as unknown as PrismaTypes.InputJsonArray };
      });
      const made = await tx.vehicleAssignment.createManyAndReturn({ data, select: { id: true } });
      // In the order in which they were given: of one statement, the ids ascend.
      const ids = made.map(({ id }) => id);
      const assignments = await holdAssignments(tx, accountId, ids);
      const events = assignments.map((assignment, index) =>
        assignmentEvent("created", assignment, { after: factsOf(wanted[index] ?? {}) }),
      );
      return { result: assignments, events };
    }),
  );
}

/** @throws DomainError invalid_input */
export async function createVehicleAssignment(
  permit: Writer,
  input: CreateVehicleAssignmentInput,
): Promise<VehicleAssignmentRecord> {
  const [assignment] = await createVehicleAssignments(permit, [input]);
  if (assignment === undefined) throw noSuchRecord();
  return assignment;
}

/** Changes what is given and leaves the rest; comments are added. @throws DomainError not_found, invalid_input */
export async function editVehicleAssignment(
  permit: Writer,
  input: { id: number; changes: VehicleAssignmentChangesInput },
): Promise<VehicleAssignmentRecord> {
  const definitions = await customFieldDefinitions(permit, "vehicle_assignment");
  return refusingOverlap(permit, (attempt) =>
    mutate(permit, async (tx, now) => {
      const assignment = await holdAssignment(tx, permit, input.id);
      const merged = mergeCustomFields(definitions, assignment.customFields, input.changes.customFields);
      if (!merged.ok) throw wrongFields(merged.errors);
      const comments = withComments(permit, assignment.comments, input.changes.commentsAttributes ?? [], now);
      const wanted = { ...columnsGiven(input.changes), customFields: merged.values, comments };
      const changes = changesOf(assignment, wanted);
      if (changes === null) return { result: assignment, events: [] };
      const placed = { ...assignment, ...columnsGiven(input.changes) };
      requireSpan(placed);
      await holdVehiclesAndContacts(tx, permit.account.id, [placed]);
      attempt.wanted = placed;
      const data = { ...wanted, comments: comments as unknown as PrismaTypes.InputJsonArray, updatedAt: now };
      await tx.vehicleAssignment.update({ where: { id: assignment.id, accountId: permit.account.id }, data });
      const changed = await holdAssignment(tx, permit, assignment.id);
      return { result: changed, events: [assignmentEvent("updated", changed, changes)] };
    }),
  );
}

/** Ends the current assignment at this moment. @throws DomainError not_found, conflict: it is not current */
export function endVehicleAssignment(permit: Writer, { id }: { id: number }): Promise<VehicleAssignmentRecord> {
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    const assignment = await holdAssignment(tx, permit, id);
    const isCurrent: PrismaTypes.VehicleAssignmentWhereInput[] = [
      { OR: [{ startedAt: null }, { startedAt: { lt: now } }] },
      { OR: [{ endedAt: null }, { endedAt: { gt: now } }] },
    ];
    const ended = { endedAt: now, updatedAt: now };
    const { count } = await tx.vehicleAssignment.updateMany({ where: { id, accountId, AND: isCurrent }, data: ended });
    if (count === 0) throw new DomainError("conflict", "This assignment is not current any more. Nothing was changed.");
    const changed = await holdAssignment(tx, permit, id);
    const facts = changesOf(assignment, { endedAt: now });
    return { result: changed, events: [assignmentEvent("updated", changed, facts ?? {})] };
  });
}

/** @throws DomainError not_found */
export function deleteVehicleAssignment(permit: Deleter, { id }: { id: number }): Promise<{ id: number }> {
  return mutate(permit, async (tx) => {
    const assignment = await holdAssignment(tx, permit, id);
    await tx.vehicleAssignment.delete({ where: { id, accountId: permit.account.id } });
    return { result: { id }, events: [assignmentEvent("deleted", assignment)] };
  });
}
