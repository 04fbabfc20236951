import type { ClientBase, Pool } from "pg";

import { decrypt, encrypt, UnreadableError, type SealedPlace } from "../cipher";
import { keyRing, type KeyRing } from "../key-ring";

/** Of no use to anybody: what counts is whether it can be read. */
const TEXT = "canary";

/** This process was not given a key that it needs. */
export class MissingKeyError extends Error {
  override readonly name = "MissingKeyError";
}

type Connection = Pick<ClientBase | Pool, "query">;

interface Canary {
  readonly keyId: Buffer;
  readonly sealed: Buffer;
}

function placeOf(keyId: Buffer): SealedPlace {
  return { purpose: "key-canary", context: keyId.toString("hex") };
}

function isReadable({ keyId, sealed }: Canary, ring: KeyRing): boolean {
  try {
    return decrypt(sealed, placeOf(keyId), ring) === TEXT;
  } catch (error) {
    if (error instanceof UnreadableError) return false;
    throw error;
  }
}

function sayMissing(keyIds: readonly Buffer[]): string {
  const which = keyIds.map((id) => id.toString("hex")).join(", ");
  const [what, it] = keyIds.length === 1 ? [`a key (${which})`, "it"] : [`keys (${which})`, "them"];
  return `This database holds secrets that were encrypted with ${what} which this Hub was not given. It was DATA_SECRET, or AUTH_SECRET where that was not set: list ${it} in DATA_SECRET_PREVIOUS, separated by commas, and try again.`;
}

/**
 * Notes that the current key encrypts here from now on.
 * @throws MissingKeyError where one encrypted here before that this process cannot read with
 */
export async function refuseMissingKeys(database: Connection, ring = keyRing()): Promise<void> {
  const { rows } = await database.query<Canary>(
    'SELECT key_id AS "keyId", sealed FROM key_canaries ORDER BY created_at',
  );
  const missing = rows.filter((canary) => !isReadable(canary, ring));
  if (missing.length > 0) throw new MissingKeyError(sayMissing(missing.map(({ keyId }) => keyId)));
  const { id } = ring.current;
  if (rows.some(({ keyId }) => keyId.equals(id))) return;
  await database.query("INSERT INTO key_canaries (key_id, sealed) VALUES ($1, $2) ON CONFLICT (key_id) DO NOTHING", [
    id,
    Buffer.from(encrypt(TEXT, placeOf(id), ring)),
  ]);
}

/** The other keys are not needed any more: nothing that they encrypted is left. */
export async function forgetOtherKeys(database: Connection, ring = keyRing()): Promise<void> {
  await database.query("DELETE FROM key_canaries WHERE key_id <> $1", [ring.current.id]);
}
