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

/** A text as PostgreSQL gives it back: half of a surrogate pair, which UTF-8 cannot say, becomes a replacement character. */
function asStored(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

/** JSON with sorted names: PostgreSQL's jsonb does not keep their order. */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(asStored(value));
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).filter(([, inner]) => inner !== undefined);
    pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${pairs.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join(",")}}`;
  }
  return JSON.stringify(value ?? null);
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
