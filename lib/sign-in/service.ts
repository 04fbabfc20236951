import "server-only";
import { mutate } from "@/lib/audit-log/mutate";
import type { SelfActor } from "@/lib/auth/actor";
import type { Permit } from "@/lib/auth/permit";
import { hashSessionToken } from "@/lib/auth/session-cookie";
import { IDLE_MINUTES, SESSION_HOURS } from "@/lib/auth/rights";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import { networkOf } from "@/lib/platform/network";
import { redactSecrets } from "@/lib/platform/secret-patterns";
import { sayDevice } from "./device-words";
import type { SessionInput, SignInRequestInput } from "./schema";
import { redeemSignInLink, type GivenLink } from "./create-sign-in-link";
import { queueWithinLimits } from "./queue-within-limits";

const LONGEST_USER_AGENT = 500;

/**
 * Asks for a sign-in link to be mailed. The answer says nothing of whether anybody has this address.
 * @throws DomainError too_many_requests
 */
export async function requestSignInLink(permit: Permit<"signIn.request">, input: SignInRequestInput): Promise<null> {
  const waitSeconds = await queueWithinLimits(input.email, networkOf(permit.origin.ip));
  if (waitSeconds === null) return null;
  const minutes = Math.max(1, Math.ceil(waitSeconds / 60));
  throw new DomainError(
    "too_many_requests",
    `Too many sign-in links were asked for from this network. No mail was sent; links already sent keep working. Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
  );
}

export interface NewSession {
  readonly sessionToken: string;
  /** The session that the browser brought along: it ends, whoever's it was. */
  readonly replacedSessionToken: string | null;
  readonly userAgent: string | null;
  /** When he proved it, where a single sign-on says so: that, not the session's start, decides what is fresh. */
  readonly provedAt: Date | null;
  /** The mailed link that proves who he is: it is used up if, and only if, there is a session for it. */
  readonly link: GivenLink | null;
}

/**
 * Makes the session of a person who has proved who he is, and writes the sign-in down for every account of his.
 * Returns the session's absolute end.
 * @throws DomainError forbidden where he belongs to no account any more, conflict where the link has been used meanwhile
 */
export async function completeSignIn(permit: Permit<"signIn.complete">, session: NewSession): Promise<Date> {
  const { actor, origin } = permit;
  if (actor.kind !== "self") throw new Error("only a person signs in");
  return mutate(permit, async (tx, now) => {
    if (session.link !== null && !(await redeemSignInLink(tx, session.link)))
      throw new DomainError("conflict", "This link has been used already.");
    const memberships = await tx.membership.findMany({ where: { userId: actor.userId }, select: { accountId: true } });
    if (memberships.length === 0)
      throw new DomainError("forbidden", "You belong to no account. Ask somebody to invite you.");
    if (session.replacedSessionToken !== null) {
      await tx.session.deleteMany({ where: { tokenHash: hashSessionToken(session.replacedSessionToken) } });
    }
    const expiresAt = new Date(now.getTime() + SESSION_HOURS * 3_600_000);
    await tx.session.create({
      data: {
        tokenHash: hashSessionToken(session.sessionToken),
        userId: actor.userId,
        signedInAt: new Date(Math.min(now.getTime(), session.provedAt?.getTime() ?? now.getTime())),
        lastSeenAt: now,
        expiresAt,
        ip: origin.ip,
        userAgent: redactSecrets(session.userAgent ?? "").slice(0, LONGEST_USER_AGENT) || null,
      },
      select: { id: true },
    });
    const record = { type: "user" as const, id: actor.userId, name: actor.name };
    return {
      result: expiresAt,
      events: memberships.map(({ accountId }) => ({ name: "user.signedIn" as const, accountId, record })),
    };
  });
}

export interface Identity {
  readonly provider: string;
  readonly providerAccountId: string;
}

/** Notes that this identity of a single sign-on is this person, for every sign-in to come. */
export async function linkIdentity(
  permit: Permit<"signIn.complete">,
  { provider, providerAccountId }: Identity,
): Promise<void> {
  const { actor } = permit;
  if (actor.kind !== "self") throw new Error("only a person has identities");
  await mutate(permit, async (tx) => {
    await tx.identityLink.create({ data: { userId: actor.userId, provider, providerAccountId }, select: { id: true } });
    const memberships = await tx.membership.findMany({ where: { userId: actor.userId }, select: { accountId: true } });
    const record = { type: "user" as const, id: actor.userId, name: actor.name };
    const events = memberships.map(({ accountId }) => ({
      name: "user.identityLinked" as const,
      accountId,
      record,
      after: { provider },
    }));
    return { result: undefined, events };
  });
}

type Own = Permit<"sessions.own">;

interface EndedSession {
  readonly id: number;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly wasLive: boolean;
}

function selfOf({ actor }: Own): SelfActor {
  if (actor.kind !== "self") throw new Error("only a person has sessions");
  return actor;
}

/** Ends those of the person's sessions that `which` names, and writes it down for every account of his. */
function endSessions(permit: Own, which: Prisma.Sql, refuseNone: boolean): Promise<{ ended: number }> {
  const { userId } = selfOf(permit);
  return mutate(permit, async (tx) => {
    const gone = await tx.$queryRaw<EndedSession[]>`
      DELETE FROM sessions WHERE user_id = ${userId} AND ${which} RETURNING id, ip, user_agent AS "userAgent",
        expires_at > clock_timestamp() AND last_seen_at > clock_timestamp() - make_interval(mins => ${IDLE_MINUTES}) AS "wasLive"`;
    // What had ended by itself is swept away without a word.
    const ended = gone.filter(({ wasLive }) => wasLive);
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
