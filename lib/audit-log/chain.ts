import { createHmac } from "node:crypto";

/** The facts of an entry that its hash covers: every column but the hash itself. */
export interface ChainedFacts {
  readonly accountId: number;
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly actorKind: string;
  readonly actorId: number | null;
  readonly actorName: string;
  readonly action: string;
  readonly recordType: string;
  readonly recordId: number | null;
  readonly recordName: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly ip: string | null;
  readonly requestId: string | null;
}

/** What the first entry of every account builds upon. */
export const CHAIN_START: Uint8Array = new Uint8Array(32);

/**
 * A text as PostgreSQL gives it back. UTF-8 has no way to write half of a surrogate pair: the database stores a
 * replacement character instead.
 */
function asStored(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

/** JSON with sorted names: PostgreSQL's jsonb does not keep their order. */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(asStored(value));
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  // The hub never wrote a date that no calendar has: such an entry matches no hash.
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "null" : JSON.stringify(value.toISOString());
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).filter(([, inner]) => inner !== undefined);
    pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${pairs.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/** A number's value, however it is spelled; "" for what is none. */
function decimal(literal: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = NUMBER.exec(literal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return whole === "" ? "" : "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/**
 * Whether the hub can have written this stored JSON. A number that is too large or too precise for JavaScript would be
 * read, and hashed, as a different one or as null; anything that is not JSON at all was not written by it either.
 */
export function isExactJson(text: string | null): boolean {
  if (text === null) return true;
  if (text === "null") return false;
  const tokens = text.match(STRING_OR_NUMBER) ?? [];
  return tokens.every((token) => token.startsWith('"') || decimal(token) === decimal(String(Number(token))));
}

/** HMAC-SHA256(secret, previous hash ‖ canonical row): 32 bytes. */
export function chainHash(secret: string, previousHash: Uint8Array, facts: ChainedFacts): Uint8Array<ArrayBuffer> {
  const { accountId, sequence, occurredAt, actorKind, actorId, actorName, action } = facts;
  const { recordType, recordId, recordName, before, after, ip, requestId } = facts;
  const row = {
    accountId,
    sequence,
    occurredAt,
    actorKind,
    actorId,
    actorName,
    action,
    recordType,
    recordId,
    recordName,
    before: before ?? null,
    after: after ?? null,
    ip,
    requestId,
  };
  return new Uint8Array(createHmac("sha256", secret).update(previousHash).update(canonicalJson(row)).digest());
}
