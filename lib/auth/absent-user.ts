import "server-only";

import { Prisma, readSql } from "@/lib/platform/database/db";
import type { AccountRef, RequestOrigin } from "./actor";
import type { Role } from "./permissions";
import { anyonesAuthContext, type AuthContext } from "./permit";
import { CUSTOMER_LIMIT } from "./rights";

/** Somebody whom a job works for: he began it with a request, and may be gone by now. */
export interface AbsentUser {
  readonly userId: number;
  readonly accountId: number;
  /** Of the request that he began it with. */
  readonly origin: RequestOrigin;
}

interface MembershipRow {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly customerLimit: number[] | null;
  readonly account: AccountRef;
}

/**
 * Who asks when a job works for a user: his membership as it is now, never as it was when he began. It counts as no
 * fresh sign-in. Without a membership nobody asks.
 */
export async function absentAuthContext({ userId, accountId, origin }: AbsentUser): Promise<AuthContext> {
  const [row] = await readSql<MembershipRow>(Prisma.sql`
    SELECT u.name, u.email, m.role::text AS role,
      ${CUSTOMER_LIMIT} AS "customerLimit",
      json_build_object('id', a.id, 'kind', a.kind, 'token', a.token, 'name', a.name, 'plan', a.plan, 'status', a.status) AS account
    FROM memberships m JOIN users u ON u.id = m.user_id JOIN accounts a ON a.id = m.account_id
    WHERE m.account_id = ${accountId} AND m.user_id = ${userId}`);
  if (row === undefined) return anyonesAuthContext(origin);
  const { account, ...person } = row;
  return { actor: { kind: "user", userId, sessionId: null, signedInRecently: false, ...person }, account, origin };
}
