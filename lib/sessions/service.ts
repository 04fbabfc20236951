import "server-only";

import { mutate } from "@/lib/audit-log/mutate";
import type { SelfActor } from "@/lib/auth/actor";
import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/db";
import { DomainError } from "@/lib/platform/errors";
import { sayDevice } from "./device-words";
import type { SessionInput } from "./schema";

type Own = Permit<"sessions.own">;

interface EndedSession {
  readonly id: number;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

function selfOf({ actor }: Own): SelfActor {
  if (actor.kind !== "self") throw new Error("only a person has sessions");
  return actor;
}

/** Ends those of the person's sessions that `which` names, and writes it down for every account of his. */
function endSessions(permit: Own, which: Prisma.Sql, refuseNone: boolean): Promise<{ ended: number }> {
  const { userId } = selfOf(permit);
  return mutate(permit, async (tx) => {
    const ended = await tx.$queryRaw<EndedSession[]>`
      DELETE FROM sessions WHERE user_id = ${userId} AND ${which} RETURNING id, ip, user_agent AS "userAgent"`;
    if (ended.length === 0 && refuseNone) throw new DomainError("not_found", "This session has ended already.");
    const memberships = await tx.membership.findMany({ where: { userId }, select: { accountId: true } });
    const events = memberships.flatMap(({ accountId }) =>
      ended.map(({ id, ip, userAgent }) => ({
        name: "session.ended" as const,
        accountId,
        record: { type: "session" as const, id, name: sayDevice(userAgent) },
        before: { ip },
      })),
    );
    return { result: { ended: ended.length }, events };
  });
}

/** Signs one of one's own sessions out. Counts at its very next request. @throws DomainError not_found */
export function endSession(permit: Own, { id }: SessionInput): Promise<{ ended: number }> {
  return endSessions(permit, Prisma.sql`id = ${id}`, true);
}

/** Signs out everywhere but here. */
export function endOtherSessions(permit: Own): Promise<{ ended: number }> {
  const { sessionId } = selfOf(permit);
  if (sessionId === undefined) throw new Error("there is no session at hand");
  return endSessions(permit, Prisma.sql`id <> ${sessionId}`, false);
}

/** Signs out everywhere, here too. */
export function endAllSessions(permit: Own): Promise<{ ended: number }> {
  return endSessions(permit, Prisma.sql`TRUE`, false);
}
