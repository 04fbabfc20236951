import "server-only";

import { ADVISORY_LOCKS } from "@/lib/platform/database/advisory-locks";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import type { AccountRef, Actor, SelfActor, UserActor } from "./actor";
import { authenticatedKeyOf, type AuthenticatedKey } from "./credentials";
import { changesPeople, ROLES, type Permission, type Role } from "./permissions";
import { authorize, type Permit } from "./permit";
import {
  CUSTOMER_LIMIT,
  KEY_REACHES,
  KEY_STATE,
  noSuchAccount,
  noSuchSpace,
  requireApiAccess,
  requireLiving,
  SESSION_LIVES,
  SIGNED_IN_RECENTLY,
  type CredentialState,
} from "./rights";

type Tx = Prisma.TransactionClient;

/**
 * Locks the rights within an account until the transaction ends: shared for whoever acts there, exclusive for whoever
 * changes its people. Taken before any row is locked, so that it cannot be part of a deadlock.
 */
export async function lockRights(tx: Tx, accountId: number, who: "actor" | "changerOfPeople"): Promise<void> {
  await (who === "changerOfPeople"
    ? tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.rights}::int, ${accountId}::int)`
    : tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${ADVISORY_LOCKS.rights}::int, ${accountId}::int)`);
}

/** Whose people decide what the actor may do; null where nobody's do. */
function decidingAccount({ actor, account }: Permit<Permission>): number | null {
  if (account === null) return null;
  return actor.kind === "apiKey" ? authenticatedKeyOf(actor).ownAccount.id : account.id;
}

/**
 * The first step of every change: reads again, behind the lock on the actor's account, what the permit was granted for,
 * and refuses as `authorize` would now. The lock is a statement of its own, so that the next statement sees everything
 * committed before it. Returns the database's clock.
 * @throws DomainError as `authorize`; conflict where the actor may still act, but less than when the permit was granted
 */
export async function recheckRights(tx: Tx, permit: Permit<Permission>): Promise<Date> {
  const accountId = decidingAccount(permit);
  if (accountId !== null)
    await lockRights(tx, accountId, changesPeople(permit.permission) ? "changerOfPeople" : "actor");
  const rechecked = recheckActor(tx, permit);
  if (rechecked !== null) return rechecked;
  const { now } = await only<{ now: Date }>(tx, Prisma.sql`SELECT clock_timestamp() AS now`);
  return now;
}

/** Null where nobody can have taken anything away. A new kind of actor does not compile before it is said here what can. */
function recheckActor(tx: Tx, permit: Permit<Permission>): Promise<Date> | null {
  const { actor, account } = permit;
  switch (actor.kind) {
    case "user":
      return account === null ? null : recheckPerson(tx, permit, actor, account);
    case "apiKey":
      return account === null ? null : recheckKey(tx, permit, authenticatedKeyOf(actor), account);
    case "self":
      return actor.sessionId === undefined ? null : recheckSelf(tx, permit, actor, actor.sessionId);
    case "system":
    case "anyone":
      return null;
  }
}

async function only<Row extends { readonly now: Date }>(tx: Tx, query: Prisma.Sql): Promise<Row> {
  const [row] = await tx.$queryRaw<Row[]>(query);
  if (row === undefined) throw new Error("the database gave no time");
  return row;
}

function authorizeAs(actor: Actor, { permission, account, origin }: Permit<Permission>): void {
  authorize({ actor, account, origin }, permission);
}

interface PersonFacts {
  readonly now: Date;
  readonly isSignedIn: boolean;
  readonly signedInRecently: boolean;
  readonly role: Role | null;
  readonly customerLimit: number[] | null;
}

async function recheckPerson(
  tx: Tx,
  permit: Permit<Permission>,
  actor: UserActor,
  { id: accountId }: AccountRef,
): Promise<Date> {
  const { userId, sessionId } = actor;
  const { now, isSignedIn, signedInRecently, role, customerLimit } = await only<PersonFacts>(
    tx,
    Prisma.sql`
    SELECT clock_timestamp() AS now, s.id IS NOT NULL AS "isSignedIn", COALESCE(${SIGNED_IN_RECENTLY}, false) AS "signedInRecently",
      m.role::text AS role, ${CUSTOMER_LIMIT} AS "customerLimit"
    FROM (SELECT) AS once
    LEFT JOIN sessions s ON s.id = ${sessionId}::int AND s.user_id = ${userId} AND ${SESSION_LIVES}
    LEFT JOIN memberships m ON m.account_id = ${accountId} AND m.user_id = ${userId}`,
  );
  // A job that works for him needs none.
  if (sessionId !== null && !isSignedIn) authorizeAs({ kind: "anyone" }, permit);
  if (role === null) throw noSuchSpace();
  authorizeAs({ ...actor, signedInRecently, role, customerLimit }, permit);
  if (hasLost(actor, { role, customerLimit }))
    throw new DomainError(
      "conflict",
      "Your role, or the customers that you look after, changed a moment ago. Nothing was changed by this; reload the page and look again.",
    );
  return now;
}

type Reach = Pick<UserActor, "role" | "customerLimit">;

/** Decisions already made with the permit's facts would grant too much. */
function hasLost(before: Reach, after: Reach): boolean {
  if (ROLES.indexOf(after.role) > ROLES.indexOf(before.role)) return true;
  const { customerLimit: now } = after;
  return now !== null && (before.customerLimit === null || before.customerLimit.some((id) => !now.includes(id)));
}

interface KeyFacts {
  readonly now: Date;
  readonly state: CredentialState;
  readonly scopes: string[];
  readonly creatorRole: Role | null;
  readonly reached: Pick<AccountRef, "plan" | "status"> | null;
}

async function recheckKey(
  tx: Tx,
  permit: Permit<Permission>,
  key: AuthenticatedKey,
  { id: accountId }: AccountRef,
): Promise<Date> {
  const { apiKeyId, tokenId } = key;
  const { now, state, scopes, creatorRole, reached } = await only<KeyFacts>(
    tx,
    Prisma.sql`
    SELECT clock_timestamp() AS now, ${Prisma.raw(KEY_STATE)} AS state, k.scopes,
      CASE WHEN a.kind = 'customer' THEN m.role::text END AS "creatorRole",
      CASE WHEN n.id IS NOT NULL THEN json_build_object('plan', n.plan, 'status', n.status) END AS reached
    FROM api_key_tokens t
    JOIN api_keys k ON k.id = t.api_key_id
    JOIN accounts a ON a.id = k.account_id
    LEFT JOIN memberships m ON m.account_id = k.account_id AND m.user_id = k.created_by_id
    LEFT JOIN accounts n ON n.id = ${accountId} AND ${Prisma.raw(KEY_REACHES)}
    WHERE t.id = ${tokenId} AND k.id = ${apiKeyId}`,
  );
  requireLiving(state);
  if (reached === null) throw noSuchAccount();
  requireApiAccess(reached);
  authorizeAs({ ...key, scopes, creatorRole }, permit);
  return now;
}

async function recheckSelf(
  tx: Tx,
  permit: Permit<Permission>,
  { userId }: SelfActor,
  sessionId: number,
): Promise<Date> {
  const { now, isSignedIn } = await only<Pick<PersonFacts, "now" | "isSignedIn">>(
    tx,
    Prisma.sql`
    SELECT clock_timestamp() AS now, EXISTS (
      SELECT FROM sessions s WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND ${SESSION_LIVES}) AS "isSignedIn"`,
  );
  if (!isSignedIn) throw new DomainError("not_signed_in", "Sign in to go on.");
  return now;
}
