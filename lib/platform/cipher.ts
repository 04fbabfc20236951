import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

import { env } from "./env";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key of its own for each purpose, derived from a secret that never stands in the database. */
function keyFor(purpose: string): Buffer {
  const { DATA_SECRET, AUTH_SECRET } = env();
  return Buffer.from(hkdfSync("sha256", DATA_SECRET ?? AUTH_SECRET, "fleet-advisor-hub", purpose, 32));
}

/** AES-256-GCM: nonce ‖ tag ‖ text. `purpose` and `context` are bound to it: moved elsewhere it cannot be read. */
export function encrypt(text: string, purpose: string, context: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyFor(purpose), nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), sealed]));
}

/** @throws Error where it was changed, belongs elsewhere, or was made with another secret */
export function decrypt(sealed: Uint8Array, purpose: string, context: string): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv("aes-256-gcm", keyFor(purpose), bytes.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
}
