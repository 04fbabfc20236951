import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { valuesShown } from "@/lib/custom-fields/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord } from "@/lib/platform/errors";
import { findVehicleId, vehicleStub } from "@/lib/vehicles/queries";
import type { VehicleRef } from "@/lib/vehicles/schema";
import type { VehicleAssignmentRecord } from "./presenter";

type Reader = Permit<"vehicleAssignments.read">;

/** Of an assignment `va`: it is the one that counts at this moment. */
export const isCurrentAssignment = Prisma.sql`(va.started_at IS NULL OR va.started_at <= statement_timestamp())
  AND (va.ended_at IS NULL OR va.ended_at > statement_timestamp())`;

/** What an assignment is read with; `where` shows the account. */
export function vehicleAssignmentSource(accountId: number) {
  return {
    accountId,
    select: Prisma.sql`va.id, va.account_id AS "accountId", va.vehicle_id AS "vehicleId", va.contact_id AS "contactId",
      va.started_at AS "startedAt", va.ended_at AS "endedAt", (${isCurrentAssignment}) AS "isCurrent",
      COALESCE(va.started_at > statement_timestamp(), FALSE) AS "isFuture",
      va.starting_meter_value::text AS "startingMeterValue", va.starting_meter_void AS "startingMeterVoid",
      va.ending_meter_value::text AS "endingMeterValue", va.ending_meter_void AS "endingMeterVoid",
      va.comments, ${valuesShown("vehicle_assignment", Prisma.sql`va`)} AS "customFields", va.created_at AS "createdAt", va.updated_at AS "updatedAt",
      json_build_object('id', c.id, 'name', c.name, 'email', c.email) AS contact,
      ${vehicleStub} AS vehicle`,
    from: Prisma.sql`vehicle_assignments va
      JOIN vehicles v ON v.account_id = va.account_id AND v.id = va.vehicle_id
      JOIN contacts c ON c.account_id = va.account_id AND c.id = va.contact_id`,
    table: Prisma.sql`vehicle_assignments va`,
    where: Prisma.sql`va.account_id = ${accountId}`,
  };
}

function readAssignments(
  permit: Reader | Permit<"vehicleAssignments.write">,
  condition: Prisma.Sql,
): Promise<VehicleAssignmentRecord[]> {
  const { select, from, where } = vehicleAssignmentSource(permit.account.id);
  return readSql<VehicleAssignmentRecord>(Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND ${condition}`);
}

/** @throws DomainError not_found */
export async function findVehicleAssignment(permit: Reader, { id }: { id: number }): Promise<VehicleAssignmentRecord> {
  const [assignment] = await readAssignments(permit, Prisma.sql`va.id = ${id}`);
  if (assignment === undefined) throw noSuchRecord();
  return assignment;
}

/** A page shows no more of them; the rest stand in the list of assignments. */
const SHOWN_AT_MOST = 20;

/** The assignments of a vehicle or a contact that go on or are to come, the earliest first. */
export function listComingAssignments(
  permit: Reader,
  of: { readonly vehicleId: number } | { readonly contactId: number },
): Promise<VehicleAssignmentRecord[]> {
  const whose =
    "vehicleId" in of ? Prisma.sql`va.vehicle_id = ${of.vehicleId}` : Prisma.sql`va.contact_id = ${of.contactId}`;
  return readAssignments(
    permit,
    Prisma.sql`${whose} AND (va.ended_at IS NULL OR va.ended_at > statement_timestamp())
      ORDER BY va.started_at NULLS FIRST, va.id LIMIT ${SHOWN_AT_MOST}`,
  );
}

/** Who has the vehicle now. @throws DomainError not_found: no such vehicle, or nobody has it */
export async function findCurrentAssignment(
  permit: Reader,
  { ref }: { ref: VehicleRef },
): Promise<VehicleAssignmentRecord> {
  const vehicleId = await findVehicleId(permit, ref);
  const [assignment] = await readAssignments(
    permit,
    Prisma.sql`va.vehicle_id = ${vehicleId} AND ${isCurrentAssignment}`,
  );
  if (assignment === undefined) throw new DomainError("not_found", "Nobody is assigned to this vehicle at the moment.");
  return assignment;
}

interface WantedSpan {
  /** The assignment that is being changed, which is in nobody's way; null for a new one. */
  readonly id: number | null;
  readonly vehicleId: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** The assignment that another of the same vehicle would overlap; null when there is none, any more. */
export async function findAssignmentInTheWay(
  permit: Permit<"vehicleAssignments.write">,
  wanted: WantedSpan,
): Promise<VehicleAssignmentRecord | null> {
  const [first] = await readAssignments(
    permit,
    Prisma.sql`va.vehicle_id = ${wanted.vehicleId} AND va.id <> ${wanted.id ?? 0}
      AND tstzrange(va.started_at, va.ended_at) && tstzrange(${wanted.startedAt}::timestamptz, ${wanted.endedAt}::timestamptz)
      ORDER BY va.started_at NULLS FIRST LIMIT 1`,
  );
  return first ?? null;
}
