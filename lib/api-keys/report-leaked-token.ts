import "server-only";
import { createPublicKey, hash, verify } from "node:crypto";
import { z } from "zod";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate } from "@/lib/audit-log/mutate";
import { hashApiKeyToken, isWellFormedApiKeyToken } from "@/lib/auth/api-key-token";
import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import { presentApiKey, type PresentedApiKey } from "./presenter";

type Reporter = Permit<"apiKeys.reportLeak">;

/** Keys that are ended at once: an audit log and the keys' rows are held for no longer. */
const KEYS_AT_ONCE = 25;

/**
 * Ends the keys that leaked tokens open, for good; whoever holds a token may say so. A token that opens nothing
 * (unknown, replaced, its key revoked or expired) changes nothing. Which of them open something is asked in one
 * statement; the keys are then ended a few in a transaction, each with its entry and its notices.
 * @returns whether each token was one that opened a key until it was reported, now or before: a report whose answer was
 * lost is answered alike again
 */
export async function reportLeakedTokens(permit: Reporter, tokens: readonly string[]): Promise<boolean[]> {
  const hashes = new Map(
    tokens.filter(isWellFormedApiKeyToken).map((token) => [token, hashApiKeyToken(token).toString("hex")]),
  );
  const known = hashes.size === 0 ? [] : await findReported([...hashes.values()]);
  const open = known.filter(({ isOpen }) => isOpen).map(({ hash }) => hash);
  for (let from = 0; from < open.length; from += KEYS_AT_ONCE)
    await endLeakedKeys(permit, open.slice(from, from + KEYS_AT_ONCE));
  const reported = new Set(known.map(({ hash }) => hash));
  return tokens.map((token) => reported.has(hashes.get(token) ?? ""));
}

/** The same of one token. */
export async function reportLeakedToken(permit: Reporter, { token }: { readonly token: string }): Promise<boolean> {
  const [wasOpen = false] = await reportLeakedTokens(permit, [token]);
  return wasOpen;
}

/** As the column has them; in hexadecimal on the way. */
const bytesOf = (hashes: readonly string[]) =>
  Prisma.sql`ARRAY(SELECT decode(hex, 'hex') FROM unnest(${[...hashes]}::text[]) AS hex)`;

/** Of the tokens those that open a key, or did until they were reported. */
function findReported(hashes: readonly string[]): Promise<{ hash: string; isOpen: boolean }[]> {
  return readSql<{ hash: string; isOpen: boolean }>(Prisma.sql`
    SELECT found.hash, found."isOpen" FROM (SELECT encode(t.hash, 'hex') AS hash, k.revoked_reason = 'reported_leaked' AND (t.retires_at IS NULL OR t.retires_at > k.revoked_at) AS "wasReported",
        k.revoked_at IS NULL AND k.expires_at > clock_timestamp() AND (t.retires_at IS NULL OR t.retires_at > clock_timestamp()) AS "isOpen"
      FROM api_key_tokens t JOIN api_keys k ON k.id = t.api_key_id WHERE t.hash = ANY (${bytesOf(hashes)})) found
    WHERE found."isOpen" OR found."wasReported"`);
}

/** In the order of the keys, so that two reports of the same ones wait for each other. */
function endLeakedKeys(permit: Reporter, hashes: readonly string[]): Promise<null> {
  return mutate(permit, async (tx) => {
    const revoked = await tx.$queryRaw<PresentedApiKey[]>(Prisma.sql`
      WITH held AS (
        SELECT k.id FROM api_keys k WHERE k.id IN (SELECT t.api_key_id FROM api_key_tokens t WHERE t.hash = ANY (${bytesOf(hashes)})
          AND (t.retires_at IS NULL OR t.retires_at > clock_timestamp()))
        ORDER BY k.id FOR UPDATE)
      UPDATE api_keys k SET revoked_at = clock_timestamp(), revoked_reason = 'reported_leaked', revision = revision + 1,
        updated_at = clock_timestamp()
      FROM held, accounts a
      WHERE k.id = held.id AND a.id = k.account_id AND k.revoked_at IS NULL AND k.expires_at > clock_timestamp()
      RETURNING k.id, k.name, k.prefix, k.api_version AS "apiVersion", k.scopes, k.expires_at AS "expiresAt", k.created_at AS "createdAt",
        k.all_customers AS "allCustomers", json_build_object('id', a.id, 'name', a.name, 'token', a.token) AS account`);
    return { result: null, events: revoked.map(leakEvent) };
  });
}

function leakEvent(key: PresentedApiKey): DomainEvent {
  const { id, name, account } = key;
  const reason = "reported_leaked";
  return {
    name: "apiKey.revoked",
    accountId: account.id,
    record: { type: "apiKey", id, name },
    after: { reason },
    payload: { ...presentApiKey(key), reason },
  };
}

const findings = z.array(z.object({ token: z.string().max(1000), type: z.string().max(200) })).max(1000);

export type Finding = z.output<typeof findings>[number];

/** What the partner is told of a finding; never the token itself. */
export interface ScanVerdict {
  readonly token_hash: string;
  readonly token_type: string;
  readonly label: "true_positive" | "false_positive";
}

/**
 * Whether a scanner that `keys` names signed the raw body: ECDSA (P-256, SHA-256, DER), in base64.
 * @param keyIdentifier the one that the request names
 */
export function isSignedByScanner(
  keys: Readonly<Record<string, string>>,
  body: Buffer,
  { keyIdentifier, signature }: { readonly keyIdentifier: string; readonly signature: string },
): boolean {
  // Not what every object has, such as `constructor`.
  const pem = Object.hasOwn(keys, keyIdentifier) ? keys[keyIdentifier] : undefined;
  if (pem === undefined) return false;
  const key = createPublicKey(pem);
  return key.asymmetricKeyType === "ec" && verify("sha256", body, key, Buffer.from(signature, "base64"));
}

/** @throws DomainError bad_request */
export function readFindings(body: Buffer): Finding[] {
  const parsed = findings.safeParse(parseJson(body));
  if (!parsed.success)
    throw new DomainError("bad_request", "The body is not a list of findings, each with token and type.");
  return parsed.data;
}

/** Takes a secret scanner's findings in GitHub's partner format and ends every key that they open. */
export async function receiveFindings(permit: Reporter, found: readonly Finding[]): Promise<ScanVerdict[]> {
  const opened = await reportLeakedTokens(
    permit,
    found.map(({ token }) => token),
  );
  return found.map(({ token, type }, index) => ({
    token_hash: hash("sha256", token, "base64"),
    token_type: type,
    label: opened[index] === true ? "true_positive" : "false_positive",
  }));
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
