import "server-only";
import { mutate } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { hashSessionToken } from "@/lib/auth/session-cookie";
import { SESSION_HOURS } from "@/lib/auth/session";
import { DomainError } from "@/lib/platform/errors";
import type { SignInRequestInput } from "./schema";
import { queueWithinLimits } from "./sign-in-requests";

/**
 * Asks for a sign-in link to be mailed. The answer says nothing of whether anybody has this address.
 * @throws DomainError too_many_requests
 */
export async function requestSignInLink(permit: Permit<"signIn.request">, input: SignInRequestInput): Promise<null> {
  const payload = { email: input.email, next: input.next ?? null };
  const waitSeconds = await queueWithinLimits(payload, permit.origin.ip ?? "unknown");
  if (waitSeconds === null) return null;
  const minutes = Math.max(1, Math.ceil(waitSeconds / 60));
  throw new DomainError(
    "too_many_requests",
    `Too many sign-in links were asked for with this address or from this network. No mail was sent; links already sent keep working. Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
  );
}

export interface NewSession {
  readonly sessionToken: string;
  /** The session that the browser brought along: it ends, whoever's it was. */
  readonly replacedSessionToken: string | null;
  readonly userAgent: string | null;
}

/**
 * Makes the session of a person who has proved who he is, and writes the sign-in down for every account of his.
 * Returns the session's absolute end.
 * @throws DomainError forbidden where he belongs to no account any more
 */
export async function completeSignIn(permit: Permit<"signIn.complete">, session: NewSession): Promise<Date> {
  const { actor, origin } = permit;
  if (actor.kind !== "self") throw new Error("only a person signs in");
  return mutate(permit, async (tx, now) => {
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
        signedInAt: now,
        lastSeenAt: now,
        expiresAt,
        ip: origin.ip,
        userAgent: session.userAgent?.slice(0, 500) ?? null,
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
