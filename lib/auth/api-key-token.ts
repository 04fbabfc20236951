import { hash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const MARK = "fah_";
const SECRET_LENGTH = 30;
const CHECKSUM_LENGTH = 6;
/** `fah_` and six characters of the secret: tells keys apart, and leaves 142 bits unknown. */
const PREFIX_LENGTH = 10;
/** The largest multiple of 62 in a byte: what lies above would favour the first letters. */
const FAIR_BYTES = 248;
const FORM = /^fah_[0-9A-Za-z]{36}$/;

/** A new secret and what may be kept of it. `token` goes into one response and nowhere else. */
export interface MintedToken {
  readonly token: string;
  readonly hash: Buffer;
  readonly prefix: string;
  readonly last4: string;
}

export function mintApiKeyToken(): MintedToken {
  const secret = randomSecret();
  const token = MARK + secret + checksumOf(secret);
  return { token, hash: hashApiKeyToken(token), prefix: token.slice(0, PREFIX_LENGTH), last4: token.slice(-4) };
}

/** Whether a text can be a token at all; a mistyped one fails here and costs no query. */
export function isWellFormedApiKeyToken(text: string): boolean {
  if (!FORM.test(text)) return false;
  const secret = text.slice(MARK.length, MARK.length + SECRET_LENGTH);
  return text.endsWith(checksumOf(secret));
}

/** SHA-256: a password hash would protect 178 random bits no better, and cost thousands of times as much. */
export function hashApiKeyToken(token: string): Buffer {
  return hash("sha256", token, "buffer");
}

function randomSecret(): string {
  let secret = "";
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH)) {
      if (byte < FAIR_BYTES && secret.length < SECRET_LENGTH) secret += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return secret;
}

function checksumOf(secret: string): string {
  let rest = crc32(secret);
  let text = "";
  for (let digit = 0; digit < CHECKSUM_LENGTH; digit++) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
