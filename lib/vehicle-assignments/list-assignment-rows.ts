import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { mayDo } from "@/lib/auth/permit";
import { valuesShown } from "@/lib/custom-fields/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import {
  boundedCount,
  COUNT_STOPS_AT,
  readMatchingPage,
  type ListOrder,
  type ListPage,
  type MatchingRequest,
} from "@/lib/platform/list-page";
import { assignmentConditions, isNarrowed, stateCondition } from "./list-conditions";
import { assignmentVerbs, stateOf, type AssignmentState, type AssignmentVerb } from "./policy";
import type { VehicleAssignmentRecord } from "./presenter";
import { findVehicleAssignment } from "./queries";
import type { AssignmentListQuery, AssignmentSort } from "./schema";

type Reader = Permit<"vehicleAssignments.read">;

/** A record that a row names and leads to. */
interface Named {
  readonly id: number;
  readonly name: string;
}

/** One assignment as the screen sees it; times are ISO 8601. */
export interface AssignmentRow {
  readonly id: number;
  /** "Jo Miller in Truck 1" */
  readonly name: string;
  readonly vehicle: Named;
  readonly contact: Named;
  /** Null = since ever. */
  readonly startedAt: string | null;
  /** Null = for good. */
  readonly endedAt: string | null;
  readonly state: AssignmentState;
  readonly startingMeterValue: string | null;
  readonly endingMeterValue: string | null;
  readonly customFields: VehicleAssignmentRecord["customFields"];
  readonly verbs: readonly AssignmentVerb[];
}

export interface AssignmentList extends ListPage<AssignmentRow> {
  /** Under the search and filters at hand; each stops at 1,001. */
  readonly counts: Readonly<Record<AssignmentState | "all", number>>;
  /** The database's clock when the page was read. */
  readonly now: string;
}

type Facts = Pick<
  VehicleAssignmentRecord,
  "id" | "startedAt" | "endedAt" | "isCurrent" | "isFuture" | "startingMeterValue" | "endingMeterValue" | "customFields"
> & { readonly vehicle: Named; readonly contact: Named };

const PAGE_SIZE = 50;

/** In the words of the indexes `vehicle_assignments_in_…_order`. */
const ORDERS: Readonly<Record<AssignmentSort, Omit<ListOrder, "direction">>> = {
  started: {
    name: "started",
    expression: Prisma.sql`COALESCE(started_at, '-infinity'::timestamptz)`,
    type: "timestamptz",
  },
  ended: { name: "ended", expression: Prisma.sql`COALESCE(ended_at, 'infinity'::timestamptz)`, type: "timestamptz" },
};

function toRow(permit: Reader, facts: Facts): AssignmentRow {
  const { id, vehicle, contact, startingMeterValue, endingMeterValue, customFields } = facts;
  const state = stateOf(facts);
  return {
    id,
    name: `${contact.name} in ${vehicle.name}`,
    vehicle: { id: vehicle.id, name: vehicle.name },
    contact: { id: contact.id, name: contact.name },
    startedAt: facts.startedAt?.toISOString() ?? null,
    endedAt: facts.endedAt?.toISOString() ?? null,
    state,
    startingMeterValue,
    endingMeterValue,
    customFields,
    verbs: assignmentVerbs(state, (permission) => mayDo(permit.actor, permission)),
  };
}

/** The page's rows first, by index alone; the names are joined to at most a page of them. */
function pageRecords(page: Prisma.Sql, resultOrder: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH page AS (${page})
    SELECT page.id, page.sort_value::text AS "sortValue", page.started_at AS "startedAt", page.ended_at AS "endedAt",
      (${stateCondition("current")}) AS "isCurrent", (${stateCondition("future")}) AS "isFuture",
      page.starting_meter_value::text AS "startingMeterValue", page.ending_meter_value::text AS "endingMeterValue",
      ${valuesShown("vehicle_assignment", Prisma.sql`page`)} AS "customFields", json_build_object('id', v.id, 'name', v.name) AS vehicle,
      json_build_object('id', c.id, 'name', c.name) AS contact
    FROM page
    JOIN vehicles v ON v.account_id = page.account_id AND v.id = page.vehicle_id
    JOIN contacts c ON c.account_id = page.account_id AND c.id = page.contact_id
    ORDER BY ${resultOrder}`;
}

type Counts = Readonly<Record<AssignmentState, number>> & { readonly now: Date };

async function countAssignments(conditions: Prisma.Sql): Promise<Counts> {
  const counted = (state: AssignmentState) =>
    boundedCount(Prisma.sql`FROM vehicle_assignments WHERE ${conditions} AND ${stateCondition(state)}`);
  const [counts] = await readSql<Counts>(Prisma.sql`
    SELECT ${counted("current")} AS current, ${counted("future")} AS future, ${counted("past")} AS past,
      statement_timestamp() AS now`);
  if (counts === undefined) throw new Error("the database gave no counts");
  return counts;
}

function readingOf(query: AssignmentListQuery, count: number): MatchingRequest["reading"] {
  const { state, sort, direction } = query;
  const isFarEnd = state === "current" && sort === "started" && direction === "asc";
  if (!isNarrowed(query) && (state === null || (count > COUNT_STOPS_AT && !isFarEnd))) return "walk";
  return count > COUNT_STOPS_AT ? "nearest" : "sort";
}

/** One page of the account's assignments as the console lists them, with the counts beside the states. */
export async function listAssignmentRows(permit: Reader, query: AssignmentListQuery): Promise<AssignmentList> {
  const conditions = await assignmentConditions(permit.account.id, query);
  const { now, ...states } = await countAssignments(conditions);
  const all = Math.min(states.current + states.future + states.past, COUNT_STOPS_AT + 1);
  const counts = { ...states, all };
  const request = {
    table: Prisma.sql`vehicle_assignments`,
    conditions: Prisma.sql`${conditions} AND ${stateCondition(query.state)}`,
    accountId: permit.account.id,
    reading: readingOf(query, counts[query.state ?? "all"]),
    order: { ...ORDERS[query.sort], direction: query.direction },
    after: query.after,
    before: query.before,
    size: PAGE_SIZE,
  };
  const { rows, previous, next } = await readMatchingPage<Facts & { sortValue: string }>(request, (page, order) =>
    readSql(pageRecords(page, order)),
  );
  return { rows: rows.map((facts) => toRow(permit, facts)), previous, next, counts, now: now.toISOString() };
}

export interface AssignmentDetails extends AssignmentRow {
  readonly startingMeterVoid: boolean;
  readonly endingMeterVoid: boolean;
  readonly comments: VehicleAssignmentRecord["comments"];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An assignment's own page. @throws DomainError not_found */
export async function getAssignment(permit: Reader, id: number): Promise<AssignmentDetails> {
  const assignment = await findVehicleAssignment(permit, { id });
  const { startingMeterVoid, endingMeterVoid, comments, createdAt, updatedAt } = assignment;
  return {
    ...toRow(permit, assignment),
    startingMeterVoid,
    endingMeterVoid,
    comments,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
