import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { IDLE_MINUTES, SESSION_HOURS } from "@/lib/auth/rights";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { sayDevice } from "./device-words";

/** How many are listed; a person has a handful. */
export const SESSIONS_SHOWN = 100;

/** A live session as the screen sees it; times are ISO 8601 in UTC. */
export interface SessionRow {
  readonly id: number;
  readonly device: string;
  readonly ip: string | null;
  readonly signedInAt: string;
  readonly lastSeenAt: string;
  /** The one that this very request came with. */
  readonly isThis: boolean;
}

export interface SessionList {
  readonly rows: readonly SessionRow[];
  /** More than are shown. */
  readonly isCut: boolean;
  readonly now: string;
}

interface SessionRecord {
  readonly id: number;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly beganAt: Date;
  readonly lastSeenAt: Date;
  readonly now: Date;
}

/** One's own live sessions: the one at hand first, then by when they were last used. */
export async function listSessions(permit: Permit<"sessions.own">): Promise<SessionList> {
  const { actor } = permit;
  if (actor.kind !== "self") throw new Error("only a person has sessions");
  const ownId = actor.sessionId ?? 0;
  // A single sign-on may have proved the person earlier (signed_in_at): the session itself began with its 12 hours.
  const records = await readSql<SessionRecord>(Prisma.sql`
    SELECT id, ip, user_agent AS "userAgent", expires_at - make_interval(hours => ${SESSION_HOURS}) AS "beganAt",
      last_seen_at AS "lastSeenAt", clock_timestamp() AS now
    FROM sessions
    WHERE user_id = ${actor.userId} AND expires_at > clock_timestamp()
      AND last_seen_at > clock_timestamp() - make_interval(mins => ${IDLE_MINUTES})
    ORDER BY (id = ${ownId}) DESC, last_seen_at DESC, id DESC LIMIT ${SESSIONS_SHOWN + 1}`);
  const rows = records.slice(0, SESSIONS_SHOWN).map(({ id, ip, userAgent, beganAt, lastSeenAt }) => ({
    id,
    device: sayDevice(userAgent),
    ip,
    signedInAt: beganAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    isThis: id === ownId,
  }));
  return { rows, isCut: records.length > SESSIONS_SHOWN, now: (records[0]?.now ?? new Date(0)).toISOString() };
}
