import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { boundedCount } from "@/lib/platform/list-page";
import { MAX_WEBHOOKS } from "@/lib/webhooks/policy";

/** What a dashboard lists at most of anything; the counts beside it go on to 1,001. */
const LISTED = 5;

export interface StatusCount {
  readonly id: number;
  readonly name: string;
  readonly count: number;
}

/** The account's vehicles that are not archived, by status, in the order of its settings. One statement. */
export function countVehiclesByStatus(permit: Permit<"vehicles.read">): Promise<StatusCount[]> {
  const accountId = permit.account.id;
  const ofStatus = Prisma.sql`FROM vehicles v WHERE v.account_id = ${accountId} AND v.vehicle_status_id = s.id AND v.archived_at IS NULL`;
  return readSql(Prisma.sql`
    SELECT s.id, s.name, ${boundedCount(ofStatus)} AS count FROM vehicle_statuses s
    WHERE s.account_id = ${accountId} ORDER BY s.position, s.id LIMIT 50`);
}

export interface CurrentAssignment {
  readonly id: number;
  readonly vehicle: string;
  readonly driver: string;
  readonly startedAt: string | null;
}

export interface Few<Item> {
  readonly count: number;
  readonly items: readonly Item[];
}

/** Who drives what now, the latest first. Two statements. */
export async function listCurrentAssignments(
  permit: Permit<"vehicleAssignments.read">,
): Promise<Few<CurrentAssignment>> {
  const current = Prisma.sql`va.account_id = ${permit.account.id}
    AND COALESCE(va.started_at, '-infinity'::timestamptz) <= statement_timestamp()
    AND COALESCE(va.ended_at, 'infinity'::timestamptz) > statement_timestamp()`;
  const [rows, [counted]] = await Promise.all([
    readSql<Omit<CurrentAssignment, "startedAt"> & { startedAt: Date | null }>(Prisma.sql`
      SELECT va.id, v.name AS vehicle, c.name AS driver, va.started_at AS "startedAt"
      FROM vehicle_assignments va
      JOIN vehicles v ON v.account_id = va.account_id AND v.id = va.vehicle_id
      JOIN contacts c ON c.account_id = va.account_id AND c.id = va.contact_id
      WHERE ${current} ORDER BY COALESCE(va.started_at, '-infinity'::timestamptz) DESC, va.id DESC LIMIT ${LISTED}`),
    readSql<{ count: number }>(
      Prisma.sql`SELECT ${boundedCount(Prisma.sql`FROM vehicle_assignments va WHERE ${current}`)} AS count`,
    ),
  ]);
  const items = rows.map((row) => ({ ...row, startedAt: row.startedAt?.toISOString() ?? null }));
  return { count: counted?.count ?? 0, items };
}

export interface TroubledWebhook {
  readonly id: number;
  readonly url: string;
  /** The first failure since the last success, or since when nothing but failures has disabled it. */
  readonly since: string;
  /** It was disabled, not by hand: nothing is sent any more. */
  readonly isDisabled: boolean;
  /** For a restore has brought back a secret that its receiver does not know. */
  readonly isSecretLost: boolean;
}

/** The webhooks whose receivers take nothing, those that stopped by themselves among them; there are never many. One statement. */
export async function listTroubledWebhooks(permit: Permit<"webhooks.read">): Promise<Few<TroubledWebhook>> {
  const found = await readSql<Omit<TroubledWebhook, "since"> & { since: Date }>(Prisma.sql`
    SELECT w.id, w.url, NOT w.enabled AS "isDisabled", w.disabled_reason IS NOT DISTINCT FROM 'secret_lost' AS "isSecretLost", COALESCE(w.disabled_at, w.failing_since) AS since
    FROM webhooks w WHERE w.account_id = ${permit.account.id} AND w.deleted_at IS NULL
      AND CASE WHEN w.enabled THEN w.failing_since IS NOT NULL ELSE w.disabled_reason <> 'by_hand' END
    ORDER BY since DESC, w.id DESC LIMIT ${MAX_WEBHOOKS}`);
  const items = found.slice(0, LISTED).map((webhook) => ({ ...webhook, since: webhook.since.toISOString() }));
  return { count: found.length, items };
}
