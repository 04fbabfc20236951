import { hkdfSync } from "node:crypto";

import { env, type Environment } from "./env";

const SALT = "fleet-advisor-hub";
const ID_PURPOSE = "key-id";
/** So much of a key's hash names it in what it encrypted. */
export const KEY_ID_BYTES = 4;

/** A secret that encrypts, or that only opens what it encrypted once. */
export interface RingKey {
  /** In front of every text that it encrypted: tells which key opens it, and nothing of the key. */
  readonly id: Buffer;
  /** 256 bits for one purpose alone. */
  derive(purpose: string): Buffer;
}

export interface KeyRing {
  readonly current: RingKey;
  /** All that may open something, the current one first. */
  readonly readable: readonly RingKey[];
}

function ringKey(secret: string): RingKey {
  const derive = (purpose: string, length = 32) => Buffer.from(hkdfSync("sha256", secret, SALT, purpose, length));
  return { id: derive(ID_PURPOSE, KEY_ID_BYTES), derive };
}

type Secrets = Pick<Environment, "DATA_SECRET" | "DATA_SECRET_PREVIOUS" | "AUTH_SECRET" | "AUTH_SECRET_PREVIOUS">;

/**
 * `DATA_SECRET` encrypts, or `AUTH_SECRET` where it is not set. Read with are these two, and whatever was either of
 * them before: so that a rotation, and setting DATA_SECRET for the first time, leaves nothing unreadable.
 */
export function keyRing(secrets: Secrets = env()): KeyRing {
  const { DATA_SECRET, DATA_SECRET_PREVIOUS, AUTH_SECRET, AUTH_SECRET_PREVIOUS } = secrets;
  const current = ringKey(DATA_SECRET ?? AUTH_SECRET);
  const others = [...DATA_SECRET_PREVIOUS, AUTH_SECRET, ...AUTH_SECRET_PREVIOUS].map(ringKey);
  return { current, readable: [current, ...others] };
}

/** What signs cookies, links and cursors, and behind it what signed them before a rotation. */
export function signingSecrets(): readonly [string, ...string[]] {
  const { AUTH_SECRET, AUTH_SECRET_PREVIOUS } = env();
  return [AUTH_SECRET, ...AUTH_SECRET_PREVIOUS];
}
