import { hash } from "node:crypto";

import { decrypt, encrypt } from "@/lib/platform/cipher";
import { DomainError } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { writePool } from "@/lib/platform/pool";
import type { Answer } from "./answer";
import type { ApiRequest } from "./api-request";

const PURPOSE = "idempotent-answer";
/** Longer than any request may take: one that is in flight for so long has died, and may be tried again. */
const DEAD_AFTER_SECONDS = 60;
const LONGEST_KEY = 255;

interface Claim {
  readonly apiKeyId: number;
  readonly accountId: number;
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
}

/** One statement decides who is first, whatever comes at the same instant. After 24 hours a key is as new. */
const CLAIM = `
  INSERT INTO idempotent_answers AS held (api_key_id, account_id, key_hash, request_hash, created_at)
  VALUES ($1, $2, $3, $4, clock_timestamp())
  ON CONFLICT (api_key_id, account_id, key_hash) DO UPDATE SET request_hash = EXCLUDED.request_hash, answer = NULL, created_at = EXCLUDED.created_at
  WHERE held.created_at < clock_timestamp() - interval '24 hours'
    OR (held.answer IS NULL AND held.created_at < clock_timestamp() - make_interval(secs => ${DEAD_AFTER_SECONDS}))
  RETURNING true AS claimed`;

const HELD =
  "SELECT request_hash, answer FROM idempotent_answers WHERE api_key_id = $1 AND account_id = $2 AND key_hash = $3";
const KEEP = "UPDATE idempotent_answers SET answer = $4 WHERE api_key_id = $1 AND account_id = $2 AND key_hash = $3";
const RELEASE =
  "DELETE FROM idempotent_answers WHERE api_key_id = $1 AND account_id = $2 AND key_hash = $3 AND answer IS NULL";

async function claimOf(request: ApiRequest, path: string, apiKeyId: number, accountId: number): Promise<Claim | null> {
  const key = request.header("idempotency-key");
  if (key === undefined) return null;
  if (key.length === 0 || key.length > LONGEST_KEY) {
    const sentence = `needs 1 to ${LONGEST_KEY} characters, such as a UUID.`;
    throw new DomainError("bad_request", `Idempotency-Key ${sentence}`, { "Idempotency-Key": [sentence] });
  }
  const body = (await request.readBody()) ?? Buffer.alloc(0);
  // Without a body the fields stand in the query.
  const fields = body.length === 0 ? request.query.toString() : "";
  const place = Buffer.from(`${request.method} ${path} ${JSON.stringify(request.params)} ${fields}\n`);
  return {
    apiKeyId,
    accountId,
    keyHash: hash("sha256", key, "buffer"),
    requestHash: hash("sha256", Buffer.concat([place, body]), "buffer"),
  };
}

function placeOf({ apiKeyId, accountId, keyHash }: Claim): [number, number, Buffer] {
  return [apiKeyId, accountId, keyHash];
}

function contextOf({ apiKeyId, accountId, keyHash }: Claim): string {
  return `${apiKeyId}:${accountId}:${keyHash.toString("hex")}`;
}

async function heldAnswer(claim: Claim): Promise<Answer> {
  const { rows } = await writePool().query<{ request_hash: Buffer; answer: Buffer | null }>(HELD, placeOf(claim));
  const [held] = rows;
  if (held && !held.request_hash.equals(claim.requestHash)) {
    const sentence = "was sent before with another request. Use a new one for each.";
    throw new DomainError("invalid_input", `This Idempotency-Key ${sentence}`, { "Idempotency-Key": [sentence] });
  }
  if (!held?.answer)
    throw new DomainError(
      "conflict",
      "The first request with this Idempotency-Key is still running. Ask again in a moment.",
    );
  return JSON.parse(decrypt(held.answer, PURPOSE, contextOf(claim))) as Answer;
}

/**
 * Does a POST once per Idempotency-Key: the same request again gets the first answer again, for 24 hours.
 * Only answers are kept; a request that was refused changed nothing and may be mended and sent again.
 * @throws DomainError bad_request, invalid_input (another request under the same key), conflict (still running)
 */
export async function onceOnly(
  request: ApiRequest,
  path: string,
  { apiKeyId, accountId }: { readonly apiKeyId: number; readonly accountId: number },
  perform: () => Promise<Answer>,
): Promise<Answer> {
  const claim = await claimOf(request, path, apiKeyId, accountId);
  if (claim === null) return perform();
  const { rowCount } = await writePool().query(CLAIM, [...placeOf(claim), claim.requestHash]);
  if (rowCount === 0) return heldAnswer(claim);
  let answer: Answer;
  try {
    answer = await perform();
  } catch (error) {
    await orWarn(RELEASE, placeOf(claim));
    throw error;
  }
  // The deed is done: an answer that could not be kept is given all the same.
  await orWarn(KEEP, [...placeOf(claim), encrypt(JSON.stringify(answer), PURPOSE, contextOf(claim))]);
  return answer;
}

async function orWarn(statement: string, values: readonly unknown[]): Promise<void> {
  await writePool()
    .query(statement, [...values])
    .catch((failure: unknown) =>
      log().warn({ err: failure }, "an Idempotency-Key could not be released or kept; it frees itself in a minute"),
    );
}

/** Answers that no request may ask for any more. */
export async function forgetOldAnswers(): Promise<void> {
  await writePool().query("DELETE FROM idempotent_answers WHERE created_at < clock_timestamp() - interval '25 hours'");
}
