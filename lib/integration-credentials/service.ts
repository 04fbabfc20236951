import "server-only";

import { createInto, regenerateInto } from "@/lib/api-keys/service";
import { changesOf } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import { authorize } from "@/lib/auth/permit";
import { requireApiAccess } from "@/lib/auth/rights";
import { DomainError, wrongFields } from "@/lib/platform/errors";
import { LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";
import { createCredential, credentialEvent, type CredentialOutcome } from "./create-credential";
import {
  findCredential,
  findOwnKey,
  holdCredential,
  sealedAccessOf,
  type HeldCredential,
  type Keeper,
  type Manager,
} from "./find-credential";
import type { HostAccess } from "./host-access";
import { READ_SCOPES } from "./policy";
import { factsOfVerdict, recordVerdict } from "./record-verdict";
import { readHostAddress, requireAccepted } from "./require-accepted";
import { runCheck } from "./run-check";
import type {
  AddCredentialInput,
  CredentialRowInput,
  EditCredentialInput,
  MakeAnotherKeyInput,
  MakeCredentialInput,
  RegenerateHereInput,
  ReplaceCredentialKeyInput,
} from "./schema";
import { openForCredential, sealForCredential } from "./secrets";

/**
 * Keeps what a person has of a host, once that host accepts it.
 * @throws DomainError plan_required, account_inactive, invalid_input, already_done, limit_reached
 */
export async function addCredential(permit: Keeper, input: AddCredentialInput): Promise<CredentialOutcome> {
  requireApiAccess(permit.account);
  const { accountToken, apiKey, unchecked } = input;
  const baseUrl = readHostAddress(input.baseUrl, permit.account.token);
  const access = { baseUrl, accountToken, apiKey };
  const verdict = requireAccepted(await runCheck(access, permit.account.token), { baseUrl, unchecked });
  return mutate(permit, async (tx, now) => {
    const apiKeyId = await findOwnKey(tx, permit, access);
    return createCredential(tx, permit, now, { input, access, verdict, apiKeyId });
  });
}

/** The customer that a partner's key is made for, or the account itself. @throws DomainError invalid_input */
function customersOf(
  { account }: Keeper,
  { accountToken }: Pick<MakeCredentialInput, "accountToken">,
): string[] | null {
  if (account.kind === "partner") return [accountToken];
  if (accountToken === account.token) return null;
  throw wrongFields({
    accountToken: [`A key that is made here reaches this account alone: its token is ${account.token}.`],
  });
}

/** A key that reads this account's data, and nothing else. @throws DomainError invalid_input */
function keyFor(permit: Keeper, input: Pick<MakeCredentialInput, "submissionId" | "name" | "accountToken">) {
  return {
    submissionId: input.submissionId,
    name: input.name,
    apiVersion: LATEST_API_VERSION,
    expiry: { kind: "months", months: 12 } as const,
    scopes: [...READ_SCOPES],
    customers: customersOf(permit, input),
    allowedIps: [],
  };
}

/** What is said of a key that could not be made, as the form for a credential has it. */
function inCredentialsWords(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  if (error.code === "already_done")
    return new DomainError("already_done", "This credential exists already: this form was sent twice.");
  if (error.fields.customers === undefined) return error;
  return wrongFields({ accountToken: ["There is no customer of yours with this account token."] });
}

/**
 * Makes a key of this hub and keeps it, both or neither; nobody is shown it. Then asks whether it works.
 * @throws DomainError plan_required, account_inactive, invalid_input, already_done, limit_reached
 */
export async function makeCredential(permit: Keeper, input: MakeCredentialInput): Promise<CredentialOutcome> {
  const { account } = permit;
  requireApiAccess(account);
  const { accountToken } = input;
  const made = await createInto(permit, keyFor(permit, input), (tx, now, issued) => {
    const access = { baseUrl: null, accountToken, apiKey: issued.token };
    return createCredential(tx, permit, now, { input, access, verdict: null, apiKeyId: issued.id });
  }).catch((error: unknown) => {
    throw inCredentialsWords(error);
  });
  return checkCredential(afterwards(permit), made);
}

/**
 * Makes another key of this hub for a credential to it, both or neither; the one before goes on elsewhere.
 * @throws DomainError not_found, conflict, plan_required, account_inactive, invalid_input, already_done, limit_reached
 */
export async function makeAnotherKey(permit: Keeper, input: MakeAnotherKeyInput): Promise<CredentialOutcome> {
  const { submissionId, ...seen } = input;
  const { account } = permit;
  requireApiAccess(account);
  const { name, accountToken, baseUrl } = await findCredential(permit, seen);
  if (baseUrl !== null) throw new DomainError("conflict", "Keys are made for this hub alone. Nothing was changed.");
  const key = keyFor(permit, { submissionId, name, accountToken });
  const made = await createInto(permit, key, async (tx, now, issued) => {
    const { id } = await holdCredential(tx, account.id, seen);
    const held = { apiKey: sealForCredential(id, issued.token), apiKeyId: issued.id, expiresAt: null, scopes: [] };
    await tx.integrationCredential.update({ where: { id, accountId: account.id }, data: { ...held, ...touched(now) } });
    return { result: { id }, events: [credentialEvent("replaced", { id, name })] };
  }).catch((error: unknown) => {
    throw inCredentialsWords(error);
  });
  return checkCredential(afterwards(permit), made);
}

/** Asks the host whether it works, and notes what came of it. @throws DomainError not_found, conflict */
export async function checkCredential(
  permit: Manager,
  { id }: Pick<CredentialRowInput, "id">,
): Promise<CredentialOutcome> {
  const credential = await findCredential(permit, { id });
  const { sealedKey, ...place } = sealedAccessOf(credential);
  const apiKey = openForCredential(id, sealedKey);
  const verdict = await runCheck({ ...place, apiKey }, permit.account.token);
  await recordVerdict(permit, credential, verdict);
  return { id, name: credential.name, status: verdict.status, reason: verdict.reason };
}

/** For what follows the deed of a form, whose one effect that was. */
function afterwards({ actor, account, origin: { ip, requestId } }: Keeper): Manager {
  return authorize({ actor, account, origin: { ip, requestId } }, "credentials.manage");
}

/** Who sends a key elsewhere gives it anew, and is asked as if he added it. @throws DomainError fresh_sign_in_required */
function requireKeeper({ actor, account, origin }: Manager): Keeper {
  return authorize({ actor, account, origin }, "credentials.keep");
}

interface EditedAccess extends Omit<HostAccess, "apiKey"> {
  /** Null = the one that is kept. */
  readonly apiKey: string | null;
}

/** What the edited credential asks its host with. @throws DomainError invalid_input, fresh_sign_in_required, conflict */
function accessAsEdited(
  permit: Manager,
  credential: HeldCredential,
  { baseUrl, accountToken, apiKey }: EditedAccess,
): HostAccess {
  const isElsewhere = baseUrl !== credential.baseUrl;
  if (isElsewhere && apiKey === null) {
    throw wrongFields({
      apiKey: ["The requests go to another address, so enter the API key anew: the one kept here is not sent there."],
    });
  }
  if (!isElsewhere && apiKey !== null)
    throw wrongFields({ apiKey: ["The address stays as it is. “Replace key” puts another key in."] });
  if (apiKey === null)
    return { baseUrl, accountToken, apiKey: openForCredential(credential.id, sealedAccessOf(credential).sealedKey) };
  requireKeeper(permit);
  return { baseUrl, accountToken, apiKey };
}

/**
 * Changes what it is called, which account it is for, or which host: what is sent elsewhere is tried there first.
 * @throws DomainError not_found, conflict, invalid_input; fresh_sign_in_required where it goes to another address
 */
export async function editCredential(permit: Manager, input: EditCredentialInput): Promise<CredentialOutcome> {
  const seen = { id: input.id, revision: input.revision };
  const { account } = permit;
  const credential = await findCredential(permit, seen);
  const { name, description, accountToken } = input;
  const baseUrl = readHostAddress(input.baseUrl, account.token);
  const isAsked = accountToken !== credential.accountToken || baseUrl !== credential.baseUrl || input.apiKey !== null;
  const access = isAsked ? accessAsEdited(permit, credential, { baseUrl, accountToken, apiKey: input.apiKey }) : null;
  const { unchecked } = input;
  const verdict = access && requireAccepted(await runCheck(access, account.token), { baseUrl, unchecked });
  return mutate(permit, async (tx, now) => {
    const held = await holdCredential(tx, account.id, seen);
    const facts = { name, description, accountToken, baseUrl };
    const changed = changesOf(held, facts);
    const isOtherKey = access !== null && input.apiKey !== null;
    const key = isOtherKey ? await sealedColumns(tx, permit, held.id, access) : {};
    await tx.integrationCredential.update({
      where: { id: held.id, accountId: account.id },
      data: { ...facts, ...key, ...(verdict && factsOfVerdict(verdict, null, now)), ...touched(now) },
    });
    const { id } = held;
    const events: DomainEvent[] = [
      ...(changed ? [credentialEvent("edited", { id, name }, changed)] : []),
      ...(isOtherKey ? [credentialEvent("replaced", { id, name })] : []),
    ];
    return { result: { id, name, status: verdict?.status ?? null, reason: verdict?.reason ?? null }, events };
  });
}

function touched(now: Date) {
  return { revision: { increment: 1 }, usedAt: now, updatedAt: now };
}

/** A key as its row holds it. What was known of the one before says nothing of this one. */
async function sealedColumns(tx: Tx, permit: Manager, id: number, access: HostAccess) {
  const apiKeyId = await findOwnKey(tx, permit, access);
  return { apiKey: sealForCredential(id, access.apiKey), apiKeyId, expiresAt: null, scopes: [] };
}

/**
 * Puts another key in, once its host accepts that: until then the old one stays.
 * @throws DomainError not_found, conflict, invalid_input
 */
export async function replaceCredentialKey(
  permit: Keeper,
  input: ReplaceCredentialKeyInput,
): Promise<CredentialOutcome> {
  const { apiKey, unchecked, ...seen } = input;
  const { account } = permit;
  const { name, baseUrl, accountToken } = await findCredential(permit, seen);
  const access = { baseUrl, accountToken, apiKey };
  const verdict = requireAccepted(await runCheck(access, account.token), { baseUrl, unchecked });
  return mutate(permit, async (tx, now) => {
    const { id } = await holdCredential(tx, account.id, seen);
    const key = await sealedColumns(tx, permit, id, access);
    await tx.integrationCredential.update({
      where: { id, accountId: account.id },
      data: { ...key, ...factsOfVerdict(verdict, null, now), ...touched(now) },
    });
    const { status, reason } = verdict;
    return { result: { id, name, status, reason }, events: [credentialEvent("replaced", { id, name })] };
  });
}

/**
 * A new token for one of the account's keys, put into every credential that holds that key: both or neither, and nobody
 * is shown it. Then asks whether it works.
 * @throws DomainError not_found, conflict
 */
export async function regenerateHere(
  permit: Keeper,
  { keyId, revision }: RegenerateHereInput,
): Promise<{ readonly name: string; readonly credentials: readonly CredentialOutcome[] }> {
  const { account } = permit;
  const key = { id: keyId, revision, overlap: "none" } as const;
  const { name, held } = await regenerateInto(permit, key, async (tx, now, issued) => {
    const where = { accountId: account.id, apiKeyId: keyId, deletedAt: null };
    const holders = await tx.integrationCredential.findMany({ where, select: { id: true }, orderBy: { id: "asc" } });
    if (holders.length === 0)
      throw new DomainError("conflict", "No credential holds this key any more. Nothing was changed.");
    const credentials: HeldCredential[] = [];
    for (const { id } of holders) {
      credentials.push(await holdCredential(tx, account.id, { id }));
      const data = { apiKey: sealForCredential(id, issued.token), ...touched(now) };
      await tx.integrationCredential.update({ where: { id, accountId: account.id }, data });
    }
    const events = credentials.map((credential) => credentialEvent("replaced", credential));
    return { result: { name: issued.name, held: credentials }, events };
  });
  const credentials: CredentialOutcome[] = [];
  for (const credential of held) credentials.push(await checkCredential(afterwards(permit), credential));
  return { name, credentials };
}

/** Ends it for good; its key goes at once. @throws DomainError not_found */
export function deleteCredential(
  permit: Manager,
  { id }: Pick<CredentialRowInput, "id">,
): Promise<{ readonly name: string }> {
  return mutate(permit, async (tx, now) => {
    const { name } = await holdCredential(tx, permit.account.id, { id });
    await tx.integrationCredential.update({
      where: { id, accountId: permit.account.id },
      data: { deletedAt: now, apiKey: null, apiKeyId: null, ...touched(now) },
    });
    return { result: { name }, events: [credentialEvent("deleted", { id, name })] };
  });
}
