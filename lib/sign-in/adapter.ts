import "server-only";
import type { Adapter, AdapterAccount, AdapterSession, AdapterUser } from "next-auth/adapters";

import type { RequestOrigin } from "@/lib/auth/actor";
import { authorize, type Permit } from "@/lib/auth/permit";
import { IDLE_MINUTES } from "@/lib/auth/rights";
import { hashSessionToken } from "@/lib/auth/session-cookie";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { identityProvider } from "./oidc";
import { completeSignIn, linkIdentity } from "./service";
import { isGoodLink, type GivenLink } from "./create-sign-in-link";
import { normalizeEmail } from "./policy";

/** What a sign-in's request brought along. */
export interface SignInRequestFacts extends RequestOrigin {
  readonly sessionToken: string | null;
  readonly userAgent: string | null;
}

/** next-auth compares what is given to it with this machine's clock; the database's has decided already. */
function laterThanThisClock(): Date {
  return new Date(Date.now() + 60_000);
}

interface UserRow {
  readonly id: number;
  readonly email: string;
  readonly name: string;
}

function toAdapterUser({ id, email, name }: UserRow): AdapterUser {
  return { id: String(id), email, name, emailVerified: null };
}

async function findUser(where: Prisma.UserWhereInput): Promise<AdapterUser | null> {
  const select = { id: true, email: true, name: true } as const;
  // Who belongs to no account is nobody here.
  const user = await db().user.findFirst({ where: { ...where, memberships: { some: {} } }, select });
  return user === null ? null : toAdapterUser(user);
}

async function getUser(id: string): Promise<AdapterUser> {
  const user = await findUser({ id: Number(id) });
  if (user === null) throw new Error("this user is gone");
  return user;
}

async function getSessionAndUser(sessionToken: string): Promise<{ session: AdapterSession; user: AdapterUser } | null> {
  const [row] = await readSql<UserRow>(Prisma.sql`
    SELECT u.id, u.email, u.name FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = ${hashSessionToken(sessionToken)} AND s.expires_at > clock_timestamp()
      AND s.last_seen_at > clock_timestamp() - make_interval(mins => ${IDLE_MINUTES})`);
  if (row === undefined) return null;
  return { user: toAdapterUser(row), session: { sessionToken, userId: String(row.id), expires: laterThanThisClock() } };
}

/** Ends the session behind a cookie. */
export async function deleteSession(sessionToken: string): Promise<void> {
  await bookkeepingDb().session.deleteMany({ where: { tokenHash: hashSessionToken(sessionToken) } });
}

interface IdentityName {
  readonly provider: string;
  readonly providerAccountId: string;
}

/** By the identity that was linked to him once; null for an unknown one. */
export async function getUserByAccount({ provider, providerAccountId }: IdentityName): Promise<AdapterUser | null> {
  return findUser({ identityLinks: { some: { provider: identityProvider(provider), providerAccountId } } });
}

export function getUserByEmail(email: string): Promise<AdapterUser | null> {
  return findUser({ email: normalizeEmail(email) });
}

async function permitOf(userId: number, { ip, requestId }: RequestOrigin): Promise<Permit<"signIn.complete">> {
  const { name } = await getUser(String(userId));
  const actor = { kind: "self" as const, userId, name: name ?? "" };
  return authorize({ actor, account: null, origin: { ip, requestId } }, "signIn.complete");
}

/** Between next-auth and our tables, for one request. Tokens are kept as hashes; nobody signs up; no session is ever extended. */
export function signInAdapter(request: SignInRequestFacts, provedAt: () => Date | null = () => null): Adapter {
  let link: GivenLink | null = null;
  return {
    createUser: () => Promise.reject(new Error("nobody signs up: people are invited")),
    getUser: (id) => findUser({ id: Number(id) }),
    getUserByEmail,
    getUserByAccount,
    updateUser: ({ id }) => getUser(id),
    linkAccount: async ({ userId, provider, providerAccountId }: AdapterAccount) => {
      const permit = await permitOf(Number(userId), request);
      await linkIdentity(permit, { provider: identityProvider(provider), providerAccountId });
    },
    createSession: async ({ sessionToken, userId }) => {
      const permit = await permitOf(Number(userId), request);
      const { sessionToken: replacedSessionToken, userAgent } = request;
      const expires = await completeSignIn(permit, {
        sessionToken,
        replacedSessionToken,
        userAgent,
        provedAt: provedAt(),
        link,
      });
      return { sessionToken, userId, expires };
    },
    getSessionAndUser,
    updateSession: () => Promise.resolve(null),
    deleteSession,
    createVerificationToken: () => Promise.reject(new Error("links are made when their mail is sent")),
    // It is used up where its session is made: what goes wrong until then costs nobody his link.
    useVerificationToken: async ({ identifier, token }) => {
      link = { email: identifier, tokenHash: token };
      return (await isGoodLink(link)) ? { identifier, token, expires: laterThanThisClock() } : null;
    },
  };
}
