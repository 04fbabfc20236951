import { hash } from "node:crypto";

import { mutateTogether, type Tx } from "@/lib/audit-log/mutate";
import type { Permission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { lockOfHash } from "@/lib/platform/database/advisory-locks";
import { decrypt, encrypt } from "@/lib/platform/cipher";
import type { SealedColumn } from "@/lib/platform/database/sealed-columns";
import { DomainError, outcomeUnknown } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { writePool } from "@/lib/platform/database/pool";
import type { Answer } from "./answer";
import type { OpenRequest } from "./api-request";

const PURPOSE = "idempotent-answer";
const LONGEST_KEY = 255;

interface Claim {
  readonly apiKeyId: number;
  readonly accountId: number;
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
}

/** Where the request goes to, and whose key it comes with. */
interface ClaimedRoute {
  readonly path: string;
  readonly apiKeyId: number;
  readonly accountId: number;
}

async function claimOf(request: OpenRequest, { path, apiKeyId, accountId }: ClaimedRoute): Promise<Claim | null> {
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

/** The answers, for who encrypts them anew: their context is what `contextOf` says. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: "idempotent_answers",
    column: "answer",
    purpose: PURPOSE,
    context: "api_key_id || ':' || account_id || ':' || encode(key_hash, 'hex')",
  },
];

function contextOf({ apiKeyId, accountId, keyHash }: Claim): string {
  return `${apiKeyId}:${accountId}:${keyHash.toString("hex")}`;
}

/** Taken to the end of the transaction, whatever ends it: it goes with a connection that is lost and a process that dies. */
async function lockClaim(tx: Tx, claim: Claim): Promise<void> {
  const claimHash = hash("sha256", contextOf(claim), "buffer");
  const [taken] = await tx.$queryRaw<
    { free: boolean }[]
  >`SELECT pg_try_advisory_xact_lock(${lockOfHash(claimHash)}) AS free`;
  if (taken?.free !== true) throw stillRunning();
}

function stillRunning(): DomainError {
  const sentence = "The first request with this Idempotency-Key is still running. Ask again in a moment.";
  return new DomainError("conflict", sentence);
}

interface Held {
  readonly requestHash: Uint8Array;
  /** Null where an older release began: it kept what it answered afterwards, if it lived so long. */
  readonly answer: Uint8Array | null;
  readonly isRecent: boolean;
}

/** The first answer, where one was given within 24 hours. @throws DomainError invalid_input, conflict, outcome_unknown, already_done */
async function heldAnswer(tx: Tx, claim: Claim): Promise<Answer | null> {
  const { apiKeyId, accountId, keyHash, requestHash } = claim;
  const [held] = await tx.$queryRaw<Held[]>`
    SELECT request_hash AS "requestHash", answer, created_at > clock_timestamp() - interval '1 minute' AS "isRecent"
    FROM idempotent_answers
    WHERE api_key_id = ${apiKeyId} AND account_id = ${accountId} AND key_hash = ${bytes(keyHash)}
      AND created_at > clock_timestamp() - interval '24 hours'`;
  if (held === undefined) return null;
  if (!requestHash.equals(held.requestHash)) {
    const sentence = "was sent before with another request. Use a new one for each.";
    throw new DomainError("invalid_input", `This Idempotency-Key ${sentence}`, { "Idempotency-Key": [sentence] });
  }
  if (held.answer === null) throw held.isRecent ? stillRunning() : outcomeUnknown();
  return openAnswer(held.answer, claim);
}

function openAnswer(sealed: Uint8Array, claim: Claim): Answer {
  try {
    return JSON.parse(decrypt(sealed, { purpose: PURPOSE, context: contextOf(claim) })) as Answer;
  } catch (error) {
    log().warn({ err: error }, "no key opens the answer that was kept for an Idempotency-Key");
    throw new DomainError(
      "already_done",
      "This was done already, and the first answer cannot be given again: the key that it was kept under was taken away since. Look at the list.",
    );
  }
}

/** @throws DomainError conflict where an instance of an older release has begun the same meanwhile */
async function keepAnswer(tx: Tx, claim: Claim, answer: Answer): Promise<void> {
  const { apiKeyId, accountId, keyHash, requestHash } = claim;
  const sealed = encrypt(JSON.stringify(answer), { purpose: PURPOSE, context: contextOf(claim) });
  const kept = await tx.$executeRaw`
    INSERT INTO idempotent_answers AS held (api_key_id, account_id, key_hash, request_hash, answer, created_at)
    VALUES (${apiKeyId}, ${accountId}, ${bytes(keyHash)}, ${bytes(requestHash)}, ${sealed}, clock_timestamp())
    ON CONFLICT (api_key_id, account_id, key_hash) DO UPDATE
    SET request_hash = EXCLUDED.request_hash, answer = EXCLUDED.answer, created_at = EXCLUDED.created_at
    WHERE held.created_at <= clock_timestamp() - interval '24 hours'`;
  if (kept === 0) throw stillRunning();
}

function bytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}

/**
 * Does a POST once per Idempotency-Key: the same request again gets the first answer again, for 24 hours. The answer is
 * kept in the transaction of the change itself: whenever a process or a connection dies, both are there or neither is.
 * Only answers are kept; a request that was refused changed nothing and may be mended and sent again.
 * @throws DomainError bad_request, invalid_input (another request under the same key), conflict (still running)
 */
export async function runIdempotently<P extends Permission>(
  permit: Permit<P>,
  request: OpenRequest,
  route: ClaimedRoute,
  perform: () => Promise<Answer>,
): Promise<Answer> {
  const claim = await claimOf(request, route);
  if (claim === null) return perform();
  return mutateTogether(permit, async (tx) => {
    await lockClaim(tx, claim);
    const held = await heldAnswer(tx, claim);
    if (held !== null) return held;
    const answer = await perform();
    await keepAnswer(tx, claim, answer);
    return answer;
  });
}

/** So many go with one statement, which takes a part of its time-out. */
const FORGOTTEN_AT_ONCE = 5000;
const FORGET = `
  DELETE FROM idempotent_answers WHERE (api_key_id, account_id, key_hash) IN (
    SELECT api_key_id, account_id, key_hash FROM idempotent_answers
    WHERE created_at < clock_timestamp() - interval '25 hours' ORDER BY created_at LIMIT ${FORGOTTEN_AT_ONCE})`;

/** Answers that no request may ask for any more. */
export async function purgeOldAnswers(): Promise<void> {
  for (let gone = FORGOTTEN_AT_ONCE; gone === FORGOTTEN_AT_ONCE;)
    gone = (await writePool().query(FORGET)).rowCount ?? 0;
}
