import "server-only";

import { mayDo, type Permit } from "@/lib/auth/permit";
import { keysOf } from "@/lib/auth/rights";
import { databaseNow, Prisma, readSql } from "@/lib/platform/database/db";
import { MAX_CREDENTIALS, verbsFor, type CredentialStatus, type CredentialVerb } from "./policy";

type Reader = Permit<"credentials.read">;

/** One credential as the screen sees it; times are ISO 8601 in UTC. Never a key. */
export interface CredentialRow {
  readonly id: number;
  readonly revision: number;
  readonly name: string;
  readonly description: string;
  /** Null = this hub. */
  readonly baseUrl: string | null;
  readonly accountToken: string;
  readonly hasKey: boolean;
  /** The key's own record, where it is one of the account's. */
  readonly ownKey: { readonly id: number; readonly name: string; readonly revision: number } | null;
  /** Null while it was not checked. */
  readonly status: CredentialStatus | null;
  readonly reason: string | null;
  readonly checkedAt: string | null;
  readonly expiresAt: string | null;
  readonly scopes: readonly string[];
  readonly refusedSince: string | null;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly verbs: readonly CredentialVerb[];
}

export interface CredentialList {
  /** In the order of their names. */
  readonly rows: readonly CredentialRow[];
  /** The one that somebody dealt with last; null where there is none. */
  readonly lastUsed: number | null;
  readonly now: string;
}

interface RowRecord {
  readonly id: number;
  readonly revision: number;
  readonly name: string;
  readonly description: string;
  readonly baseUrl: string | null;
  readonly accountToken: string;
  readonly hasKey: boolean;
  readonly ownKey: { id: number; name: string; revision: number; lives: boolean } | null;
  readonly status: CredentialStatus | null;
  readonly reason: string | null;
  readonly checkedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly scopes: string[];
  readonly refusedSince: Date | null;
  readonly usedAt: Date;
  readonly createdAt: Date;
  readonly createdBy: string | null;
  readonly now: Date;
}

function toRow({ actor }: Reader, { ownKey, usedAt: _usedAt, now: _now, ...record }: RowRecord): CredentialRow {
  const { hasKey } = record;
  const state = { hasKey, isOwnKey: ownKey?.lives === true, isThisHub: record.baseUrl === null };
  const verbs = verbsFor(state, (permission) => mayDo(actor, permission));
  return {
    ...record,
    ownKey: ownKey && { id: ownKey.id, name: ownKey.name, revision: ownKey.revision },
    checkedAt: record.checkedAt?.toISOString() ?? null,
    expiresAt: record.expiresAt?.toISOString() ?? null,
    refusedSince: record.refusedSince?.toISOString() ?? null,
    createdAt: record.createdAt.toISOString(),
    verbs,
  };
}

/** Every credential of the account: there are never more than fit on a page. */
export async function listCredentials(permit: Reader): Promise<CredentialList> {
  const records = await readSql<RowRecord>(Prisma.sql`
    SELECT c.id, c.revision, c.name, c.description, c.base_url AS "baseUrl", c.account_token AS "accountToken",
      c.api_key IS NOT NULL AS "hasKey", c.status::text AS status, c.reason, c.checked_at AS "checkedAt",
      c.expires_at AS "expiresAt", c.scopes, c.refused_since AS "refusedSince", c.used_at AS "usedAt",
      c.created_at AS "createdAt", creator.name AS "createdBy", statement_timestamp() AS now,
      (SELECT json_build_object('id', k.id, 'name', k.name, 'revision', k.revision,
        'lives', k.revoked_at IS NULL AND k.expires_at > statement_timestamp())
        FROM ${keysOf(permit)} k WHERE k.id = c.api_key_id) AS "ownKey"
    FROM integration_credentials c LEFT JOIN users creator ON creator.id = c.created_by_id
    WHERE c.account_id = ${permit.account.id} AND c.deleted_at IS NULL
    ORDER BY lower(c.name), c.id LIMIT ${MAX_CREDENTIALS}`);
  const last = records.reduce<RowRecord | null>(
    (latest, record) => (latest === null || record.usedAt > latest.usedAt ? record : latest),
    null,
  );
  const now = records[0]?.now ?? (await databaseNow());
  return { rows: records.map((record) => toRow(permit, record)), lastUsed: last?.id ?? null, now: now.toISOString() };
}

/** The credentials that hold one of the account's keys, for the key's own page. */
export function listCredentialsOfKey(permit: Reader, keyId: number): Promise<{ id: number; name: string }[]> {
  return readSql(Prisma.sql`
    SELECT c.id, c.name FROM integration_credentials c
    WHERE c.account_id = ${permit.account.id} AND c.deleted_at IS NULL AND c.api_key_id = ${keyId}
    ORDER BY lower(c.name), c.id LIMIT ${MAX_CREDENTIALS}`);
}
