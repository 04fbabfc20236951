import "server-only";

import type { Role } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { keysOf } from "@/lib/auth/rights";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { readListPage } from "@/lib/platform/list-page";
import { hashInvitationToken } from "./invitation-token";
import { INVITED_BY, stands, type InvitedBy } from "./lapse-invitations";
import { memberVerbs, type ActingMember, type MemberVerb } from "./policy";
import type { MemberListQuery } from "./schema";

type Reader = Permit<"members.read">;

/** One membership as the screen sees it; times are ISO 8601 in UTC. */
export interface MemberRow {
  readonly membershipId: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly isSelf: boolean;
  /** The customers a limited one looks after, as far as the viewer does; null = not limited. */
  readonly customers: readonly { readonly name: string; readonly token: string }[] | null;
  readonly memberSince: string;
  readonly lastSeenAt: string | null;
  /** Active keys of this account that he created, as far as the viewer may touch them: what happens to them is said before he is removed. */
  readonly activeKeys: number;
  /** Credentials of the account that hold one of those keys. */
  readonly credentialsOfKeys: number;
  readonly verbs: readonly MemberVerb[];
}

export interface MemberList {
  readonly rows: readonly MemberRow[];
  readonly previous: string | null;
  readonly next: string | null;
  readonly now: string;
}

interface MemberRecord {
  readonly id: number;
  readonly sortValue: string;
  readonly userId: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly customers: { id: number; name: string; token: string }[] | null;
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
  readonly activeKeys: number;
  readonly credentialsOfKeys: number;
  readonly owners: number;
  readonly now: Date;
}

const PAGE_SIZE = 50;

function actingMemberOf(permit: Reader): ActingMember & { userId: number } {
  const { actor } = permit;
  if (actor.kind !== "user") throw new Error("only people look at members");
  return { userId: actor.userId, role: actor.role, customerLimit: actor.customerLimit };
}

/** Of the customers that somebody is limited to, those that the viewer looks after. */
function seenCustomers({ customerLimit }: ActingMember, customers: MemberRecord["customers"]): MemberRow["customers"] {
  const seen = customers?.filter(({ id }) => customerLimit === null || customerLimit.includes(id));
  return seen?.map(({ name, token }) => ({ name, token })) ?? null;
}

/** The people of the account, by when they came. One statement. */
export async function listMembers(permit: Reader, query: MemberListQuery): Promise<MemberList> {
  const actingMember = actingMemberOf(permit);
  const accountId = permit.account.id;
  const order = { name: "since", expression: Prisma.sql`created_at`, type: "timestamptz", direction: "asc" } as const;
  const page = await readListPage({ order, after: query.after, before: query.before, size: PAGE_SIZE }, (window) =>
    readSql<MemberRecord>(Prisma.sql`
      WITH page AS (SELECT *, created_at AS sort_value FROM memberships
        WHERE account_id = ${accountId} AND ${window.where} ORDER BY ${window.orderBy} LIMIT ${window.limit})
      SELECT page.id, page.sort_value::text AS "sortValue", u.id AS "userId", u.name, u.email, page.role::text AS role,
        CASE WHEN page.limited THEN (SELECT coalesce(json_agg(json_build_object('id', a.id, 'name', a.name, 'token', a.token)
          ORDER BY a.name), '[]') FROM membership_customers c JOIN accounts a ON a.id = c.account_id
          WHERE c.membership_id = page.id) END AS customers,
        page.created_at AS "createdAt",
        (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id) AS "lastSeenAt",
        (SELECT count(*)::int FROM ${keysOf(permit)} k WHERE k.created_by_id = u.id
          AND k.revoked_at IS NULL AND k.expires_at > statement_timestamp()) AS "activeKeys",
        (SELECT count(*)::int FROM integration_credentials c JOIN ${keysOf(permit)} k ON k.id = c.api_key_id
          WHERE c.account_id = ${accountId} AND c.deleted_at IS NULL AND k.created_by_id = u.id
          AND k.revoked_at IS NULL AND k.expires_at > statement_timestamp()) AS "credentialsOfKeys",
        (SELECT count(*)::int FROM memberships o WHERE o.account_id = ${accountId} AND o.role = 'owner') AS owners,
        statement_timestamp() AS now
      FROM page JOIN users u ON u.id = page.user_id ORDER BY ${window.resultOrder}`),
  );
  const rows = page.rows.map((record) => ({
    membershipId: record.id,
    name: record.name,
    email: record.email,
    role: record.role,
    isSelf: record.userId === actingMember.userId,
    customers: seenCustomers(actingMember, record.customers),
    memberSince: record.createdAt.toISOString(),
    lastSeenAt: record.lastSeenAt?.toISOString() ?? null,
    activeKeys: record.activeKeys,
    credentialsOfKeys: record.credentialsOfKeys,
    verbs: memberVerbs(
      actingMember,
      { role: record.role, customerIds: record.customers?.map(({ id }) => id) ?? null },
      record.userId === actingMember.userId,
      record.owners,
    ),
  }));
  return { ...page, rows, now: (page.rows[0]?.now ?? new Date(0)).toISOString() };
}

export interface InvitationRow {
  readonly id: number;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string | null;
  readonly invitedAt: string;
  readonly expiresAt: string;
  readonly isExpired: boolean;
}

/** The invitations that nobody has accepted or withdrawn and that reach no further than the viewer, newest first; at most 100. */
export async function listPendingInvitations(permit: Permit<"members.manage">): Promise<InvitationRow[]> {
  const limit = permit.actor.kind === "user" ? permit.actor.customerLimit : null;
  const rows = await readSql<
    Omit<InvitationRow, "invitedAt" | "expiresAt"> & { invitedAt: Date; expiresAt: Date }
  >(Prisma.sql`
    SELECT i.id, i.email, i.role::text AS role, u.name AS "invitedBy", i.created_at AS "invitedAt", i.expires_at AS "expiresAt",
      i.expires_at <= statement_timestamp() AS "isExpired"
    FROM invitations i LEFT JOIN users u ON u.id = i.invited_by_id
    WHERE i.account_id = ${permit.account.id} AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
      AND (${limit}::int[] IS NULL OR (i.limited AND i.customer_ids <@ ${limit}::int[]))
    ORDER BY i.created_at DESC, i.id DESC LIMIT 100`);
  return rows.map((row) => ({
    ...row,
    invitedAt: row.invitedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }));
}

export interface OpenInvitation {
  readonly accountName: string;
  readonly role: Role;
  readonly invitedBy: string | null;
  readonly email: string;
  /** The person's name where he is known here already. */
  readonly knownAs: string | null;
}

/** What the link in an invitation stands for; null where it was used, withdrawn, replaced by a later one, or has expired. */
export async function findOpenInvitation(
  _permit: Permit<"invitations.accept">,
  { token }: { readonly token: string },
): Promise<OpenInvitation | null> {
  const rows = await readSql<OpenInvitation & InvitedBy>(Prisma.sql`
    SELECT a.name AS "accountName", inviter.name AS "invitedBy", i.email, u.name AS "knownAs", ${INVITED_BY.select}
    FROM ${INVITED_BY.source}
    LEFT JOIN users inviter ON inviter.id = i.invited_by_id LEFT JOIN users u ON u.email = i.email
    WHERE i.token_hash = ${hashInvitationToken(token)} AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
      AND i.expires_at > clock_timestamp()`);
  const [found] = rows;
  if (found === undefined || !stands(found)) return null;
  const { accountName, role, invitedBy, email, knownAs } = found;
  return { accountName, role, invitedBy, email, knownAs };
}
