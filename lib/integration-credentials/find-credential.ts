import "server-only";

import type { Tx } from "@/lib/audit-log/mutate";
import { hashApiKeyToken, isWellFormedApiKeyToken } from "@/lib/auth/api-key-token";
import type { Permit } from "@/lib/auth/permit";
import { keysOf } from "@/lib/auth/rights";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord } from "@/lib/platform/errors";
import type { HostAccess, SealedAccess } from "./host-access";
import type { CredentialStatus } from "./policy";

export type Keeper = Permit<"credentials.keep">;
export type Manager = Permit<"credentials.manage" | "credentials.keep">;

/** A credential as who changes or checks it needs it. */
export interface HeldCredential {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly description: string;
  readonly baseUrl: string | null;
  readonly accountToken: string;
  /** Null where a restore has lost it. */
  readonly sealedKey: Uint8Array | null;
  readonly apiKeyId: number | null;
  readonly status: CredentialStatus | null;
  readonly refusedSince: Date | null;
  readonly revision: number;
}

/** What one is read with. */
export const HELD_CREDENTIAL = Prisma.sql`
  c.id, c.account_id AS "accountId", c.name, c.description, c.base_url AS "baseUrl", c.account_token AS "accountToken",
  c.api_key AS "sealedKey", c.api_key_id AS "apiKeyId", c.status::text AS status, c.refused_since AS "refusedSince", c.revision`;

type Seen = { readonly id: number; readonly revision?: number };

function changedMeanwhile(): DomainError {
  return new DomainError(
    "conflict",
    "This credential was changed meanwhile, here or by somebody else. Nothing was changed now; look at it again.",
  );
}

function asSeen(credential: HeldCredential | undefined, { revision }: Seen): HeldCredential {
  if (credential === undefined) throw noSuchRecord();
  if (revision !== undefined && revision !== credential.revision) throw changedMeanwhile();
  return credential;
}

/** As it stands now, for who asks its host before he changes it. @throws DomainError not_found, conflict */
export async function findCredential({ account }: Manager, seen: Seen): Promise<HeldCredential> {
  const [credential] = await readSql<HeldCredential>(Prisma.sql`
    SELECT ${HELD_CREDENTIAL} FROM integration_credentials c
    WHERE c.account_id = ${account.id} AND c.deleted_at IS NULL AND c.id = ${seen.id}`);
  return asSeen(credential, seen);
}

/** The same, held against other changes until this one is through. @throws DomainError not_found, conflict */
export async function holdCredential(tx: Tx, accountId: number, seen: Seen): Promise<HeldCredential> {
  const [credential] = await tx.$queryRaw<HeldCredential[]>(Prisma.sql`
    SELECT ${HELD_CREDENTIAL} FROM integration_credentials c
    WHERE c.account_id = ${accountId} AND c.deleted_at IS NULL AND c.id = ${seen.id} FOR NO KEY UPDATE`);
  return asSeen(credential, seen);
}

/** What its host is asked with, still sealed. @throws DomainError conflict where it holds no key */
export function sealedAccessOf({ id, baseUrl, accountToken, sealedKey }: HeldCredential): SealedAccess {
  if (sealedKey === null)
    throw new DomainError("conflict", "This credential holds no key: it was lost in a restore. Replace the key first.");
  return { id, baseUrl, accountToken, sealedKey };
}

/** The record of a key that is kept, where it is one of the account's own; null for any other. */
export async function findOwnKey(tx: Tx, permit: Manager, { baseUrl, apiKey }: HostAccess): Promise<number | null> {
  if (baseUrl !== null || !isWellFormedApiKeyToken(apiKey)) return null;
  const [key] = await tx.$queryRaw<{ id: number }[]>(Prisma.sql`
    SELECT k.id FROM ${keysOf(permit)} k JOIN api_key_tokens t ON t.api_key_id = k.id
    WHERE t.hash = ${hashApiKeyToken(apiKey)}`);
  return key?.id ?? null;
}
