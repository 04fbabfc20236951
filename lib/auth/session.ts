import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";

import { isWriteRefused } from "@/lib/platform/database/errors";
import { databaseIdentity, TABLE_OID } from "@/lib/platform/database/identity";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { markReached } from "@/lib/platform/request-progress";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import type { AccountRef, RequestOrigin } from "./actor";
import type { Role } from "./permissions";
import { anyonesAuthContext, type AuthContext } from "./permit";
import { CUSTOMER_LIMIT, noSuchSpace, SESSION_LIVES, SIGNED_IN_RECENTLY } from "./rights";
import { hashSessionToken, sessionCookieName } from "./session-cookie";

/** What a request brought along: proof of nothing until it is looked up. */
export interface RequestIdentity extends RequestOrigin {
  readonly sessionToken: string | null;
  /** The `Origin` header; null when there was none. */
  readonly requestedFrom: string | null;
  /** A page was only looked ahead at: nobody was there. */
  readonly isPrefetch?: boolean;
}

/** A live session and its person. */
export interface LiveSession {
  readonly sessionId: number;
  readonly userId: number;
  readonly name: string;
  readonly email: string;
  readonly signedInAt: Date;
  readonly signedInRecently: boolean;
}

interface SessionRow extends LiveSession {
  /** The idle clock is a minute old, or the person came from another space. */
  readonly untouched: boolean;
  readonly role: Role | null;
  readonly customerLimit: number[] | null;
  readonly account: AccountRef | null;
  readonly identity: string | null;
}

/** Reads session, person, account and membership in one statement; nothing of it comes from a cookie or a cache. */
async function readSession(
  { sessionToken, isPrefetch = false }: RequestIdentity,
  accountToken: string | null,
): Promise<SessionRow | undefined> {
  if (sessionToken === null) return undefined;
  const rows = await readSql<SessionRow>(Prisma.sql`
    SELECT s.id AS "sessionId", u.id AS "userId", u.name, u.email, s.signed_in_at AS "signedInAt",
      ${SIGNED_IN_RECENTLY} AS "signedInRecently",
      s.last_seen_at < clock_timestamp() - interval '1 minute'
        OR (m.id IS NOT NULL AND u.last_account_id IS DISTINCT FROM a.id) AS untouched,
      m.role::text AS role,
      ${CUSTOMER_LIMIT} AS "customerLimit",
      CASE WHEN m.id IS NOT NULL THEN json_build_object('id', a.id, 'kind', a.kind, 'token', a.token, 'name', a.name,
        'plan', a.plan, 'status', a.status) END AS account,
      ${Prisma.raw(TABLE_OID)}::text AS identity
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN accounts a ON a.token = ${accountToken}
    LEFT JOIN memberships m ON m.account_id = a.id AND m.user_id = s.user_id
    WHERE s.token_hash = ${hashSessionToken(sessionToken)} AND ${SESSION_LIVES}`);
  const row = rows[0];
  if (row) databaseIdentity().confirm(row.identity === null ? null : Number(row.identity));
  if (row?.untouched && !isPrefetch) await touch(row);
  return row;
}

/**
 * Notes that the person is there, and in which space; one write a minute, or when the space changes. While the database
 * takes no change, pages are shown all the same: the session just grows idle.
 */
async function touch({ sessionId, userId, account }: SessionRow): Promise<void> {
  const noted = bookkeepingDb().$executeRaw`
    WITH seen AS (UPDATE sessions SET last_seen_at = clock_timestamp() WHERE id = ${sessionId})
    UPDATE users SET last_account_id = COALESCE(${account?.id ?? null}::int, last_account_id) WHERE id = ${userId}`;
  await noted.catch((error: unknown) => {
    if (!isWriteRefused(error)) throw error;
  });
}

/** Who asks, for an account's space. A token one has no membership for is `not_found`, like any unknown one. */
export async function authContextIn(accountToken: string, identity: RequestIdentity): Promise<AuthContext> {
  const { ip, requestId, submissionId } = identity;
  const origin = { ip, requestId, ...(submissionId !== undefined && { submissionId }) };
  const session = await readSession(identity, accountToken);
  if (session === undefined) return anyonesAuthContext(origin);
  if (session.account === null || session.role === null) {
    throw noSuchSpace();
  }
  const { sessionId, userId, name, email, role, signedInRecently, customerLimit, account } = session;
  return {
    actor: { kind: "user", userId, name, email, role, sessionId, signedInRecently, customerLimit },
    account,
    origin,
  };
}

/** The live session behind a cookie, in no account; null when there is none. */
export async function liveSession(identity: RequestIdentity): Promise<LiveSession | null> {
  return (await readSession(identity, null)) ?? null;
}

/** What the request at hand brought along; the addresses were written by server/edge.ts. */
export const currentIdentity = cache(async (): Promise<RequestIdentity> => {
  markReached();
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return {
    sessionToken: jar.get(sessionCookieName(env().APP_URL))?.value ?? null,
    requestedFrom: head.get("origin"),
    ip: head.get("x-forwarded-for"),
    requestId: head.get("x-request-id"),
    isPrefetch: head.get("x-prefetch") !== null,
  };
});

/** Who asks for a page of an account's space: asked once, however many parts of the page want to know. */
export const currentAuthContext = cache(async (accountToken: string) =>
  authContextIn(accountToken, await currentIdentity()),
);

/** Who asks, for his own things: no account stands behind it. */
export async function ownAuthContext(identity: RequestIdentity): Promise<AuthContext> {
  const origin = { ip: identity.ip, requestId: identity.requestId };
  const session = await liveSession(identity);
  if (session === null) return anyonesAuthContext(origin);
  const { userId, name, sessionId } = session;
  return { actor: { kind: "self", userId, name, sessionId }, account: null, origin };
}
