import "server-only";

import { holdAccount, mutate, type Change, type Tx } from "@/lib/audit-log/mutate";
import type { DomainEvent } from "@/lib/audit-log/events";
import { mintApiKeyToken } from "@/lib/auth/api-key-token";
import type { Permit } from "@/lib/auth/permit";
import { everyKeyOf, keysOf } from "@/lib/auth/rights";
import { Prisma } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { DomainError, isDatabasesFault } from "@/lib/platform/errors";
import { fixExpiry } from "./expiry-choice";
import { changeManagedKey, findManagedKey } from "./find-managed-key";
import { endOfTerm, KEY_VERBS, retirementOfOldToken, warnDaysFor } from "./policy";
import { presentApiKey, type PresentedApiKey } from "./presenter";
import type {
  ApiKeyRowInput,
  CreateApiKeyInput,
  EditApiKeyInput,
  RegenerateApiKeyInput,
  RevokeSelectedInput,
} from "./schema";

/** The one answer that holds a token. */
export interface IssuedToken {
  readonly id: number;
  readonly name: string;
  /** The secret itself: shown once, kept nowhere. */
  readonly token: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string;
  /** Until when the token before this one works too; null when there is none or it has stopped. */
  readonly oldTokenUntil: string | null;
}

type Issuer = Permit<"apiKeys.issue">;
type Manager = Permit<"apiKeys.manage">;
/** Whoever keeps a credential may issue a key: the table of permissions says no less of him (service.test.ts). */
type KeyMaker = Permit<"apiKeys.issue" | "credentials.keep">;

/** Puts the account's creations in line (so that the limit is exact), and refuses a second submit of one form. */
async function reserveKey(tx: Tx, permit: KeyMaker, submissionId: string): Promise<void> {
  const accountId = permit.account.id;
  await holdAccount(tx, accountId);
  const [made] = await tx.$queryRaw<{ name: string | null }[]>(Prisma.sql`
    SELECT (SELECT name FROM ${keysOf(permit)} seen WHERE seen.id = k.id) AS name
    FROM ${everyKeyOf(accountId)} k WHERE k.submission_id = ${submissionId}::uuid`);
  if (made) {
    throw new DomainError(
      "already_done",
      `${made.name === null ? "The key" : `“${made.name}”`} exists already: this form was sent twice. Its token was in the first answer and cannot be shown again. If nobody has it, regenerate the key.`,
    );
  }
  const [active] = await tx.$queryRaw<{ count: number }[]>(Prisma.sql`
    SELECT count(*)::int AS count FROM ${everyKeyOf(accountId)} k
    WHERE k.revoked_at IS NULL AND k.expires_at > clock_timestamp()`);
  const limit = env().MAX_ACTIVE_KEYS_PER_ACCOUNT;
  if ((active?.count ?? 0) >= limit) {
    throw new DomainError(
      "limit_reached",
      `This account has ${limit} active API keys, the most it may have. Revoke one that is no longer used, then save again.`,
    );
  }
}

/** The chosen customers' ids: of this partner, and within the viewer's own limit. */
async function resolveCustomers(tx: Tx, permit: KeyMaker, tokens: readonly string[] | null): Promise<number[] | null> {
  const { actor, account } = permit;
  const limit = actor.kind === "user" ? actor.customerLimit : null;
  if (tokens === null) {
    if (limit === null) return null;
    throw new DomainError("forbidden", "You can grant only the customers you look after. Choose them one by one.");
  }
  if (account.kind === "customer") {
    throw new DomainError("invalid_input", "A customer's key reaches its own account only.", {
      customers: ["A customer's key reaches its own account only."],
    });
  }
  const found = await tx.account.findMany({
    where: { token: { in: [...tokens] }, partnerId: account.id, ...(limit && { id: { in: [...limit] } }) },
    select: { id: true },
  });
  if (found.length !== new Set(tokens).size) {
    const message = "One of the chosen customers is no longer yours. Choose again.";
    throw new DomainError("invalid_input", message, { customers: [message] });
  }
  return found.map((customer) => customer.id);
}

/** What becomes of a new token in the transaction that makes it. */
export type KeepToken<T> = (tx: Tx, now: Date, issued: IssuedToken) => Promise<Change<T>>;

/** It is told to whoever asked, the only time ever. */
const tellToken: KeepToken<IssuedToken> = (_tx, _now, issued) => Promise.resolve({ result: issued, events: [] });

/**
 * Makes a key; the answer holds its token, the only time ever.
 * @throws DomainError already_done, limit_reached, invalid_input, forbidden
 */
export function createApiKey(permit: Issuer, input: CreateApiKeyInput): Promise<IssuedToken> {
  return createInto(permit, input, tellToken);
}

/**
 * Makes a key and gives its token to `keep` alone, in the same transaction: both are there, or neither.
 * @throws DomainError already_done, limit_reached, invalid_input, forbidden
 */
export function createInto<T>(permit: KeyMaker, input: CreateApiKeyInput, keep: KeepToken<T>): Promise<T> {
  return mutate(permit, async (tx, now) => {
    const { account } = permit;
    await reserveKey(tx, permit, input.submissionId);
    const customerIds = await resolveCustomers(tx, permit, input.customers);
    const { token, ...minted } = mintApiKeyToken();
    const key = await insertKey(tx, permit, { input, customerIds, minted, now });
    const expiresAt = key.expiresAt.toISOString();
    const after = {
      prefix: minted.prefix,
      apiVersion: input.apiVersion,
      scopes: [...input.scopes],
      expiresAt,
      customers: input.customers ?? "all",
      allowedIps: input.allowedIps,
    };
    const { id, name } = key;
    const kept = await keep(tx, now, { id, name, token, scopes: input.scopes, expiresAt, oldTokenUntil: null });
    return { result: kept.result, events: [createdEvent({ ...key, account }, after), ...kept.events] };
  });
}

interface NewKey {
  readonly input: CreateApiKeyInput;
  /** Null = all. */
  readonly customerIds: readonly number[] | null;
  readonly minted: Omit<ReturnType<typeof mintApiKeyToken>, "token">;
  readonly now: Date;
}

function insertKey(tx: Tx, { account, actor }: KeyMaker, { input, customerIds, minted, now }: NewKey) {
  const { expiresAt, termMonths, termDays } = fixExpiry(input.expiry, now);
  return tx.apiKey.create({
    data: {
      accountId: account.id,
      createdById: actor.kind === "user" ? actor.userId : null,
      submissionId: input.submissionId,
      name: input.name,
      prefix: minted.prefix,
      apiVersion: input.apiVersion,
      scopes: [...input.scopes],
      allCustomers: customerIds === null,
      allowedIps: input.allowedIps,
      termMonths,
      termDays,
      warnDays: warnDaysFor(now, expiresAt),
      expiresAt,
      createdAt: now,
      updatedAt: now,
      tokens: {
        create: { hash: new Uint8Array(minted.hash), prefix: minted.prefix, last4: minted.last4, createdAt: now },
      },
      customers: { create: (customerIds ?? []).map((accountId) => ({ accountId })) },
    },
  });
}

function createdEvent(key: PresentedApiKey, after: DomainEvent["after"]): DomainEvent {
  const record = { type: "apiKey", id: key.id, name: key.name } as const;
  return { name: "apiKey.created", record, ...(after && { after }), payload: presentApiKey(key) };
}

type KeyFacts = Omit<PresentedApiKey, "account">;

/** What changed, and why the key was revoked. */
type ChangeFacts = Pick<DomainEvent, "before" | "after"> & { readonly reason?: string };

/** `key` is as the change leaves it. */
function keyEvent(
  permit: Manager | KeyMaker,
  verb: keyof typeof KEY_VERBS,
  key: KeyFacts,
  { reason, ...facts }: ChangeFacts,
): DomainEvent[] {
  const name = KEY_VERBS[verb].event;
  if (name === null) return [];
  const payload = { ...presentApiKey({ ...key, account: permit.account }), ...(reason !== undefined && { reason }) };
  return [{ name, record: { type: "apiKey", id: key.id, name: key.name }, ...facts, payload }];
}

/** Changes name and API version, nothing else. @throws DomainError not_found, conflict, forbidden */
export function editApiKey(permit: Manager, input: EditApiKeyInput): Promise<{ name: string }> {
  return mutate(permit, async (tx) => {
    const key = await findManagedKey(tx, permit, input.id);
    const { name, apiVersion } = input;
    const set = Prisma.sql`name = ${name}, api_version = ${apiVersion}`;
    await changeManagedKey(tx, permit, key, { set, revision: input.revision });
    const before = { name: key.name, apiVersion: key.apiVersion };
    const after = { name, apiVersion };
    return { result: { name }, events: keyEvent(permit, "edit", { ...key, ...after }, { before, after }) };
  });
}

/** Moves the end to one term from now. @throws DomainError not_found, conflict, forbidden */
export function renewApiKey(permit: Manager, input: ApiKeyRowInput): Promise<{ name: string; expiresAt: string }> {
  return mutate(permit, async (tx, now) => {
    const key = await findManagedKey(tx, permit, input.id);
    const expiresAt = endOfTerm(
      key.termMonths === null ? { days: key.termDays ?? 0 } : { months: key.termMonths },
      now,
    );
    const set = Prisma.sql`expires_at = ${expiresAt}`;
    await changeManagedKey(tx, permit, key, { set, revision: input.revision });
    const before = { expiresAt: key.expiresAt.toISOString() };
    const after = { expiresAt: expiresAt.toISOString() };
    const events = keyEvent(permit, "renew", { ...key, expiresAt }, { before, after });
    return { result: { name: key.name, ...after }, events };
  });
}

/**
 * A new token for the same key; the old one stops at once or after the overlap, one that overlapped already at once.
 * @throws DomainError not_found, conflict, forbidden
 */
export function regenerateApiKey(permit: Issuer, input: RegenerateApiKeyInput): Promise<IssuedToken> {
  return regenerateInto(permit, input, tellToken);
}

/** The same for `keep` alone, in the same transaction. @throws DomainError not_found, conflict, forbidden */
export function regenerateInto<T>(permit: KeyMaker, input: RegenerateApiKeyInput, keep: KeepToken<T>): Promise<T> {
  return mutate(permit, async (tx, now) => {
    const key = await findManagedKey(tx, permit, input.id);
    const { token, hash, prefix, last4 } = mintApiKeyToken();
    const set = Prisma.sql`prefix = ${prefix}`;
    await changeManagedKey(tx, permit, key, { set, revision: input.revision });
    const retiresAt = retirementOfOldToken(input.overlap, key.expiresAt, now);
    await tx.apiKeyToken.updateMany({ where: { apiKeyId: key.id, retiresAt: { gt: now } }, data: { retiresAt: now } });
    await tx.apiKeyToken.updateMany({ where: { apiKeyId: key.id, retiresAt: null }, data: { retiresAt } });
    await tx.apiKeyToken.create({
      data: { apiKeyId: key.id, hash: new Uint8Array(hash), prefix, last4, createdAt: now },
    });
    const kept = await keep(tx, now, {
      id: key.id,
      name: key.name,
      token,
      scopes: key.scopes,
      expiresAt: key.expiresAt.toISOString(),
      oldTokenUntil: retiresAt > now ? retiresAt.toISOString() : null,
    });
    const before = { prefix: key.prefix };
    const after = { prefix, oldTokenUntil: retiresAt.toISOString() };
    const events = keyEvent(permit, "regenerate", { ...key, prefix }, { before, after });
    return { result: kept.result, events: [...events, ...kept.events] };
  });
}

/**
 * Ends a key for good: the next request with it is refused, on every instance. Wins over whatever else happens to
 * the key at the same instant. @throws DomainError not_found, conflict, forbidden
 */
export function revokeApiKey(permit: Manager, input: Pick<ApiKeyRowInput, "id">): Promise<{ name: string }> {
  return mutate(permit, async (tx) => {
    const key = await findManagedKey(tx, permit, input.id);
    const userId = permit.actor.kind === "user" ? permit.actor.userId : null;
    const set = Prisma.sql`revoked_at = clock_timestamp(), revoked_reason = 'by_hand', revoked_by_id = ${userId}`;
    await changeManagedKey(tx, permit, key, { set, revision: null });
    const events = keyEvent(permit, "revoke", key, { after: { reason: "by_hand" }, reason: "by_hand" });
    return { result: { name: key.name }, events };
  });
}

export interface RevokeSelectedResult {
  readonly revoked: readonly string[];
  /** What was refused, and why, in words. */
  readonly refused: readonly { readonly id: number; readonly reason: string }[];
}

/** Revokes the keys one by one, one transaction each; a refusal of one holds up no other. */
export async function revokeSelectedApiKeys(
  permit: Manager,
  input: RevokeSelectedInput,
): Promise<RevokeSelectedResult> {
  const revoked: string[] = [];
  const refused: { id: number; reason: string }[] = [];
  for (const id of new Set(input.ids)) {
    try {
      revoked.push((await revokeApiKey(permit, { id })).name);
    } catch (error) {
      if (!(error instanceof DomainError) || isDatabasesFault(error)) throw error;
      refused.push({ id, reason: error.reason });
    }
  }
  return { revoked, refused };
}
