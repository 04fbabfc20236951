import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { chainHash, CHAIN_START, type ChainedFacts } from "./chain";
import { sayEvent, type RecordNoun } from "./events";

/** Entries read at once: memory does not grow with the log. */
const BATCH = 500;
const HISTORY_LENGTH = 50;

/** A place of a chain that was written down elsewhere: what stood there must still stand there. */
export interface ChainAnchor {
  readonly sequence: number;
  /** In hex. */
  readonly hash: string;
}

export interface ChainFault {
  /** The first entry that is wrong. */
  readonly sequence: number;
  /** - changed: it is not as it was written. - missing: it is gone. - cut: the log ends before it should. - unaccounted: the log goes on past its end. */
  readonly kind: "changed" | "missing" | "cut" | "unaccounted";
}

export interface ChainVerdict {
  readonly accountToken: string;
  readonly accountName: string;
  /** How many entries there are up to where the walk ended. */
  readonly entries: number;
  /** That place: what was looked at is as it was written up to there. */
  readonly verified: ChainAnchor;
  readonly fault: ChainFault | null;
  /** The end of the chain, to be kept elsewhere; null for an empty log. */
  readonly anchor: ChainAnchor | null;
}

interface StoredEntry extends ChainedFacts {
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

interface ChainEnd {
  readonly token: string;
  readonly name: string;
  readonly sequence: number | null;
  readonly hash: Uint8Array | null;
  readonly lastEntry: number | null;
}

/** The head and the last entry by one statement: a writer puts down both in one transaction. */
async function readEnd(accountId: number): Promise<ChainEnd> {
  const [end] = await readSql<ChainEnd>(Prisma.sql`
    SELECT a.token, a.name, h.sequence, h.hash,
      (SELECT max(e.sequence) FROM audit_entries e WHERE e.account_id = a.id) AS "lastEntry"
    FROM accounts a LEFT JOIN audit_heads h ON h.account_id = a.id WHERE a.id = ${accountId}`);
  if (end === undefined) throw new Error(`there is no account ${accountId}`);
  return end;
}

function readEntries(accountId: number, after: number, upTo: number): Promise<StoredEntry[]> {
  return readSql(Prisma.sql`
    SELECT account_id AS "accountId", sequence, occurred_at AS "occurredAt", actor_kind AS "actorKind", actor_id AS "actorId",
      actor_name AS "actorName", action, record_type AS "recordType", record_id AS "recordId", record_name AS "recordName",
      before, after, ip, request_id AS "requestId", previous_hash AS "previousHash", hash
    FROM audit_entries WHERE account_id = ${accountId} AND sequence > ${after} AND sequence <= ${upTo}
    ORDER BY sequence LIMIT ${BATCH}`);
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

interface Walk {
  readonly accountId: number;
  readonly last: number;
  readonly anchor: ChainAnchor | null;
  readonly from: ChainAnchor | null;
}

/** Walks the entries up to the last one. The answer is the first fault, and the hash at which the walk ended. */
async function walk({
  accountId,
  last,
  anchor,
  from,
}: Walk): Promise<{ fault: ChainFault | null; hash: Uint8Array; seen: number }> {
  const secret = env().AUDIT_SECRET;
  let hash = from === null ? CHAIN_START : new Uint8Array(Buffer.from(from.hash, "hex"));
  let seen = from?.sequence ?? 0;
  while (seen < last) {
    const batch = await readEntries(accountId, seen, last);
    const wrong = (kind: ChainFault["kind"]) => ({ fault: { sequence: seen + 1, kind }, hash, seen });
    if (batch.length === 0) return wrong("missing");
    for (const entry of batch) {
      if (entry.sequence !== seen + 1) return wrong("missing");
      const isIntact = sameBytes(entry.previousHash, hash) && sameBytes(entry.hash, chainHash(secret, hash, entry));
      const isAnchored = anchor?.sequence !== entry.sequence || Buffer.from(entry.hash).toString("hex") === anchor.hash;
      if (!isIntact || !isAnchored) return wrong("changed");
      hash = entry.hash;
      seen = entry.sequence;
    }
  }
  return { fault: null, hash, seen };
}

function faultAtEnd(end: ChainEnd, hash: Uint8Array, anchor: ChainAnchor | null): ChainFault | null {
  const last = end.lastEntry ?? 0;
  const head = end.sequence ?? 0;
  const due = Math.max(head, anchor?.sequence ?? 0);
  if (due > last) return { sequence: last + 1, kind: "cut" };
  if (last > head) return { sequence: head + 1, kind: "unaccounted" };
  return end.hash !== null && !sameBytes(end.hash, hash) ? { sequence: head, kind: "changed" } : null;
}

export interface VerifyChainInput {
  readonly accountId: number;
  readonly anchor?: ChainAnchor | null | undefined;
  /** Where an earlier walk ended; left out, the chain is walked from its beginning. What is there must build upon it. */
  readonly from?: ChainAnchor | null | undefined;
}

/** Recomputes an account's chain; names the first entry that is wrong. */
export async function verifyChain(
  permit: Permit<"auditLog.verify">,
  { accountId, anchor = null, from = null }: VerifyChainInput,
): Promise<ChainVerdict> {
  const end = await readEnd(accountId);
  const { fault, hash, seen } = await walk({ accountId, last: end.lastEntry ?? 0, anchor, from });
  return {
    accountToken: end.token,
    accountName: end.name,
    entries: seen,
    verified: { sequence: seen, hash: Buffer.from(hash).toString("hex") },
    fault: fault ?? faultAtEnd(end, hash, from ?? anchor),
    anchor: end.sequence && end.hash ? { sequence: end.sequence, hash: Buffer.from(end.hash).toString("hex") } : null,
  };
}

export interface Chain {
  readonly accountId: number;
  readonly accountToken: string;
}

/** The next accounts, in the order of their ids, that have a log. */
export function listChains(permit: Permit<"auditLog.verify">, { after }: { readonly after: number }): Promise<Chain[]> {
  return readSql(Prisma.sql`
    SELECT a.id AS "accountId", a.token AS "accountToken" FROM accounts a
    WHERE a.id > ${after} AND (EXISTS (SELECT FROM audit_heads h WHERE h.account_id = a.id)
      OR EXISTS (SELECT FROM audit_entries e WHERE e.account_id = a.id))
    ORDER BY a.id LIMIT ${BATCH}`);
}

/** The log of the account with this token; null when there is no such account. */
export async function findChain(
  permit: Permit<"auditLog.verify">,
  { accountToken }: { readonly accountToken: string },
): Promise<Chain | null> {
  const [account] = await readSql<{ id: number }>(Prisma.sql`SELECT id FROM accounts WHERE token = ${accountToken}`);
  return account ? { accountId: account.id, accountToken } : null;
}

/** One thing that happened to a record. */
export interface HistoryRow {
  readonly sequence: number;
  readonly occurredAt: string;
  readonly actorName: string;
  readonly actorKind: string;
  readonly action: string;
  /** What the actor did, in words: "renewed API key". */
  readonly says: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly ip: string | null;
}

/** The latest 50 things that happened to a record of the account, newest first. */
export async function recordHistory(
  permit: Permit<"auditLog.read">,
  { type, id }: { readonly type: RecordNoun; readonly id: number },
): Promise<HistoryRow[]> {
  const entries = await readSql<Omit<HistoryRow, "occurredAt" | "says"> & { occurredAt: Date }>(Prisma.sql`
    SELECT sequence, occurred_at AS "occurredAt", actor_name AS "actorName", actor_kind AS "actorKind", action, before, after, ip
    FROM audit_entries WHERE account_id = ${permit.account.id} AND record_type = ${type} AND record_id = ${id}
    ORDER BY sequence DESC LIMIT ${HISTORY_LENGTH}`);
  return entries.map((entry) => ({
    ...entry,
    occurredAt: entry.occurredAt.toISOString(),
    says: sayEvent(entry.action),
  }));
}
