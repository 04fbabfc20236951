import "server-only";
import { createPublicKey, hash, verify } from "node:crypto";
import { z } from "zod";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import { hashApiKeyToken, isWellFormedApiKeyToken } from "@/lib/auth/api-key-token";
import type { Permit } from "@/lib/auth/permit";
import { DomainError } from "@/lib/platform/errors";
import { presentApiKey, type PresentedApiKey } from "./presenter";

type Reporter = Permit<"apiKeys.reportLeak">;

/**
 * Ends the key that a leaked token opens, for good; whoever holds the token may say so. A token that opens nothing
 * (unknown, replaced, its key revoked or expired) changes nothing.
 * @returns whether the token was one that opened a key until it was reported, now or before: a report whose answer was
 * lost is answered alike again
 */
export function reportLeakedToken(permit: Reporter, { token }: { readonly token: string }): Promise<boolean> {
  if (!isWellFormedApiKeyToken(token)) return Promise.resolve(false);
  return mutate(permit, async (tx) => {
    const [revoked] = await tx.$queryRaw<PresentedApiKey[]>`
      UPDATE api_keys k SET revoked_at = clock_timestamp(), revoked_reason = 'reported_leaked', revision = revision + 1,
        updated_at = clock_timestamp()
      FROM api_key_tokens t, accounts a
      WHERE t.hash = ${new Uint8Array(hashApiKeyToken(token))} AND k.id = t.api_key_id AND a.id = k.account_id AND k.revoked_at IS NULL
        AND k.expires_at > clock_timestamp() AND (t.retires_at IS NULL OR t.retires_at > clock_timestamp())
      RETURNING k.id, k.name, k.prefix, k.api_version AS "apiVersion", k.scopes, k.expires_at AS "expiresAt", k.created_at AS "createdAt",
        k.all_customers AS "allCustomers", json_build_object('id', a.id, 'name', a.name, 'token', a.token) AS account`;
    if (revoked === undefined) return { result: await wasReported(tx, token), events: [] };
    const { id, name, account } = revoked;
    const reason = "reported_leaked";
    const event: DomainEvent = {
      name: "apiKey.revoked",
      accountId: account.id,
      record: { type: "apiKey", id, name },
      after: { reason },
      payload: { ...presentApiKey(revoked), reason },
    };
    return { result: true, events: [event] };
  });
}

async function wasReported(tx: Tx, token: string): Promise<boolean> {
  const [key] = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM api_key_tokens t JOIN api_keys k ON k.id = t.api_key_id
    WHERE t.hash = ${new Uint8Array(hashApiKeyToken(token))} AND k.revoked_reason = 'reported_leaked'
      AND (t.retires_at IS NULL OR t.retires_at > k.revoked_at)`;
  return key !== undefined;
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
  const verdicts: ScanVerdict[] = [];
  for (const { token, type } of found) {
    const opened = await reportLeakedToken(permit, { token });
    verdicts.push({
      token_hash: hash("sha256", token, "base64"),
      token_type: type,
      label: opened ? "true_positive" : "false_positive",
    });
  }
  return verdicts;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
