import type { AccountKind, AccountStatus, Plan } from "@/generated/prisma/enums";
import { coalesced } from "@/lib/platform/coalesced";
import { databaseIdentity, TABLE_OID } from "@/lib/platform/database/identity";
import { measure } from "@/lib/platform/measurements";
import { LONGEST_WAIT_MS, readPool } from "@/lib/platform/database/pool";
import { singleton } from "@/lib/platform/singleton";
import type { AccountRef, Actor, ApiKeyActor } from "./actor";
import { hashApiKeyToken, isWellFormedApiKeyToken } from "./api-key-token";
import type { Role } from "./permissions";
import { KEY_REACHES, KEY_STATE, type CredentialState } from "./rights";

/** The key behind a token, as an actor that may ask for permits. Holds neither the token nor its hash. */
export interface AuthenticatedKey extends ApiKeyActor {
  /** Which of the key's tokens it was: one may be replaced while the request runs. */
  readonly tokenId: number;
  readonly prefix: string;
  readonly apiVersion: string;
  readonly expiresAt: Date;
  /** Reaches every customer of the partner, else a chosen few. */
  readonly allCustomers: boolean;
  /** CIDR notation; empty = from anywhere. */
  readonly allowedIps: readonly string[];
  /** Set by the operator for this key alone; null = the plan's. */
  readonly rateLimitPerMinute: number | null;
  /** The creator's membership in the key's own account; null when he left, or was never given. */
  readonly creatorMembershipId: number | null;
  /** The account that the key belongs to. */
  readonly ownAccount: AccountRef;
  /** The account that the request names, if the key reaches it. */
  readonly namedAccount: AccountRef | null;
}

export interface FoundCredential {
  readonly state: CredentialState;
  readonly key: AuthenticatedKey;
}

interface Question {
  readonly hash: Buffer;
  readonly accountToken: string | null;
}

type AccountColumns = [number, AccountKind, string, string, Plan, AccountStatus];

type CredentialRow = [
  position: number,
  state: CredentialState,
  keyId: number,
  keyName: string,
  prefix: string,
  apiVersion: string,
  scopes: string,
  allowedIps: string,
  allCustomers: boolean,
  expiresAt: Date,
  membershipId: number | null,
  role: Role | null,
  rateLimitPerMinute: number | null,
  ...own: AccountColumns,
  ...named: AccountColumns | [null, null, null, null, null, null],
  tokenId: number,
  identity: number | null,
];

/**
 * One statement for key, account, plan, the creator's role and the account named. A customer account's key acts for
 * its creator: without his membership it is dead. No cache: a revocation counts for the next request, everywhere.
 * The inner SELECTs hide from the planner how many are asked for: seeing one alone, it finds a plan for just that one
 * cheaper than one for all times, and plans each time anew, which takes four times as long as the look-up.
 */
const STATEMENT = `
  SELECT asked.position::int, ${KEY_STATE},
    k.id, k.name, k.prefix, k.api_version, array_to_string(k.scopes, ','), array_to_string(k.allowed_ips, ','),
    k.all_customers, k.expires_at, m.id, m.role::text, k.rate_limit_per_minute,
    a.id, a.kind::text, a.token, a.name, a.plan::text, a.status::text,
    n.id, n.kind::text, n.token, n.name, n.plan::text, n.status::text, t.id, ${TABLE_OID}
  FROM unnest((SELECT $1::bytea[]), (SELECT $2::text[])) WITH ORDINALITY AS asked(hash, account_token, position)
  JOIN api_key_tokens t ON t.hash = asked.hash
  JOIN api_keys k ON k.id = t.api_key_id
  JOIN accounts a ON a.id = k.account_id
  LEFT JOIN memberships m ON m.account_id = k.account_id AND m.user_id = k.created_by_id
  LEFT JOIN accounts n ON n.token = asked.account_token AND ${KEY_REACHES}`;

async function answerAll(questions: readonly Question[]): Promise<readonly (FoundCredential | null)[]> {
  const { rows } = await readPool().query<CredentialRow>({
    name: "look-up-credentials",
    text: STATEMENT,
    values: [questions.map(({ hash }) => hash), questions.map(({ accountToken }) => accountToken)],
    rowMode: "array",
  });
  const answers = questions.map((): FoundCredential | null => null);
  for (const row of rows) {
    databaseIdentity().confirm(row[26]);
    answers[row[0] - 1] = found(row);
  }
  return answers;
}

function listOf(text: string): string[] {
  return text === "" ? [] : text.split(",");
}

function found(row: CredentialRow): FoundCredential {
  const [
    ,
    state,
    apiKeyId,
    name,
    prefix,
    apiVersion,
    scopes,
    allowedIps,
    allCustomers,
    expiresAt,
    membershipId,
    role,
    rateLimitPerMinute,
  ] = row;
  const ownAccount: AccountRef = {
    id: row[13],
    kind: row[14],
    token: row[15],
    name: row[16],
    plan: row[17],
    status: row[18],
  };
  const namedAccount: AccountRef | null =
    row[19] === null
      ? null
      : { id: row[19], kind: row[20], token: row[21], name: row[22], plan: row[23], status: row[24] };
  const key: AuthenticatedKey = {
    kind: "apiKey",
    tokenId: row[25],
    apiKeyId,
    name,
    prefix,
    apiVersion,
    scopes: listOf(scopes),
    allowedIps: listOf(allowedIps),
    allCustomers,
    expiresAt,
    rateLimitPerMinute,
    creatorMembershipId: membershipId,
    // A partner's key acts for itself, whoever made it.
    creatorRole: ownAccount.kind === "customer" ? role : null,
    ownAccount,
    namedAccount,
  };
  return { state, key };
}

const ask = () =>
  singleton("credential-look-up", () =>
    coalesced(answerAll, { maxBatch: 200, maxInFlight: 2, timeoutMs: LONGEST_WAIT_MS }),
  );

/**
 * The key that a token belongs to, whatever its state; null when there is none. A token that cannot be one costs no
 * query; one that could be costs the same whether it is known or not.
 */
export async function findCredential(token: string, accountToken: string | null): Promise<FoundCredential | null> {
  if (!isWellFormedApiKeyToken(token)) {
    measure({ kind: "keyLookUp", result: "malformed" });
    return null;
  }
  const found = await ask()({ hash: hashApiKeyToken(token), accountToken });
  measure({ kind: "keyLookUp", result: found?.state ?? "unknown" });
  return found;
}

/** Looks for what no token stands for: rejects where a request with a key would get no answer either. */
export async function tryLookUp(): Promise<void> {
  await ask()({ hash: Buffer.alloc(32), accountToken: null });
}

/**
 * What the authenticating statement said of the key that acts.
 * @throws Error when the actor is no key: a permission that only keys have was given to somebody else
 */
export function authenticatedKeyOf(actor: Actor): AuthenticatedKey {
  if (actor.kind === "apiKey" && "ownAccount" in actor) return actor as AuthenticatedKey;
  throw new Error(`the actor is no authenticated API key but ${actor.kind}`);
}
