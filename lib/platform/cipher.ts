import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

import { KEY_ID_BYTES, keyRing, type RingKey } from "./key-ring";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where an encrypted text belongs. Both are bound to it: moved elsewhere it cannot be read. */
export interface SealedPlace {
  /** Has a key of its own. */
  readonly purpose: string;
  /** The row that it stands in. */
  readonly context: string;
}

/** No key of the ring opens it: it was changed, belongs elsewhere, or its key was not given to this process. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
}

/** AES-256-GCM with the current key: key id ‖ nonce ‖ tag ‖ text. */
export function encrypt(
  text: string,
  { purpose, context }: SealedPlace,
  { current } = keyRing(),
): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", current.derive(purpose), nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return new Uint8Array(Buffer.concat([current.id, nonce, cipher.getAuthTag(), sealed]));
}

/** Null where this key did not make it. `bytes` without a key's id. */
function open(bytes: Buffer, key: RingKey, { purpose, context }: SealedPlace): string | null {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key.derive(purpose), bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

/** @throws UnreadableError */
export function decrypt(sealed: Uint8Array, place: SealedPlace, { readable } = keyRing()): string {
  const bytes = Buffer.from(sealed);
  for (const key of readable) {
    if (!key.id.equals(bytes.subarray(0, KEY_ID_BYTES))) continue;
    const text = open(bytes.subarray(KEY_ID_BYTES), key, place);
    if (text !== null) return text;
  }
  // Until 0.2.0 no key was named.
  for (const key of readable) {
    const text = open(bytes, key, place);
    if (text !== null) return text;
  }
  throw new UnreadableError(`no key that this process was given opens what was encrypted for ${place.purpose}`);
}
