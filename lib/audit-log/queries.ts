import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { chainHash, CHAIN_START, isExactJson, type ChainedFacts } from "./chain";
import type { Noun } from "@/lib/resources";
import { sayEvent } from "./events";
import type { ChainFault } from "./faults";
import { standsInLog } from "./list-conditions";

/** Entries read at once: memory does not grow with the log. */
const BATCH = 500;
const HISTORY_LENGTH = 50;

/** A position of a chain that was recorded outside the database: the entry there must still have this hash. */
export interface ChainAnchor {
  readonly sequence: number;
  /** In hex. */
  readonly hash: string;
}

export interface ChainVerdict {
  readonly accountToken: string;
  readonly accountName: string;
  /** How many entries there are up to where the walk ended. */
  readonly entries: number;
  /** The last entry that was verified: everything up to it is as it was written. */
  readonly verified: ChainAnchor;
  readonly fault: ChainFault | null;
  /** The end of the chain, to be kept elsewhere; null for an empty log. */
  readonly anchor: ChainAnchor | null;
}

interface StoredEntry extends ChainedFacts {
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
  readonly beforeText: string | null;
  readonly afterText: string | null;
}

interface ChainEnd {
  readonly token: string;
  readonly name: string;
  readonly sequence: number | null;
  readonly hash: Uint8Array | null;
  readonly firstEntry: number | null;
  readonly lastEntry: number | null;
  /** After the place from which it is walked. */
  readonly count: number;
}

/** The head, both ends and the count by one statement: a writer puts down entries and head in one transaction. */
async function readEnd(accountId: number, from: ChainAnchor | null): Promise<ChainEnd> {
  const [end] = await readSql<ChainEnd>(Prisma.sql`
    SELECT a.token, a.name, h.sequence, h.hash,
      (SELECT min(e.sequence) FROM audit_entries e WHERE e.account_id = a.id) AS "firstEntry",
      (SELECT max(e.sequence) FROM audit_entries e WHERE e.account_id = a.id) AS "lastEntry",
      (SELECT count(*)::int FROM audit_entries e WHERE e.account_id = a.id AND e.sequence > ${from?.sequence ?? 0}) AS count
    FROM accounts a LEFT JOIN audit_heads h ON h.account_id = a.id WHERE a.id = ${accountId}`);
  if (end === undefined) throw new Error(`there is no account ${accountId}`);
  return end;
}

function readEntries(accountId: number, after: number, upTo: number): Promise<StoredEntry[]> {
  return readSql(Prisma.sql`
    SELECT account_id AS "accountId", sequence, occurred_at AS "occurredAt", actor_kind AS "actorKind", actor_id AS "actorId",
      actor_name AS "actorName", action, record_type AS "recordType", record_id AS "recordId", record_name AS "recordName",
      before, after, before::text AS "beforeText", after::text AS "afterText", ip, request_id AS "requestId",
      previous_hash AS "previousHash", hash
    FROM audit_entries WHERE account_id = ${accountId} AND sequence > ${after} AND sequence <= ${upTo}
    ORDER BY sequence LIMIT ${BATCH}`);
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const inHex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function isAsWritten(entry: StoredEntry, previous: Uint8Array, anchors: readonly ChainAnchor[]): boolean {
  if (!isExactJson(entry.beforeText) || !isExactJson(entry.afterText)) return false;
  if (!sameBytes(entry.previousHash, previous)) return false;
  if (!sameBytes(entry.hash, chainHash(env().AUDIT_SECRET, previous, entry))) return false;
  return anchors.every(({ sequence, hash }) => sequence !== entry.sequence || hash === inHex(entry.hash));
}

interface Walk {
  readonly accountId: number;
  readonly last: number;
  readonly anchors: readonly ChainAnchor[];
  readonly from: ChainAnchor | null;
}

/** Walks the entries up to the last one. The answer is the first fault, and the hash at which the walk ended. */
async function walk({
  accountId,
  last,
  anchors,
  from,
}: Walk): Promise<{ fault: ChainFault | null; hash: Uint8Array; seen: number }> {
  let hash = from === null ? CHAIN_START : new Uint8Array(Buffer.from(from.hash, "hex"));
  let seen = from?.sequence ?? 0;
  while (seen < last) {
    const batch = await readEntries(accountId, seen, last);
    const wrong = (kind: ChainFault["kind"], sequence = seen + 1) => ({ fault: { sequence, kind }, hash, seen });
    if (batch.length === 0) return wrong("missing");
    for (const entry of batch) {
      if (entry.sequence === seen) return wrong("repeated", seen);
      if (entry.sequence !== seen + 1) return wrong("missing");
      if (!isAsWritten(entry, hash, anchors)) return wrong("changed");
      hash = entry.hash;
      seen = entry.sequence;
    }
  }
  return { fault: null, hash, seen };
}

/** Where more entries were counted than there are places for them. */
async function firstRepeated(accountId: number): Promise<ChainFault | null> {
  const [repeated] = await readSql<{ sequence: number }>(Prisma.sql`
    SELECT sequence FROM audit_entries WHERE account_id = ${accountId}
    GROUP BY sequence HAVING count(*) > 1 ORDER BY sequence LIMIT 1`);
  return repeated === undefined ? null : { sequence: repeated.sequence, kind: "repeated" };
}

/** Faults that a walk cannot see although every entry is in its place and unchanged. */
async function faultBeside(
  accountId: number,
  end: ChainEnd,
  { hash, due, from }: { readonly hash: Uint8Array; readonly due: number; readonly from: ChainAnchor | null },
): Promise<ChainFault | null> {
  const [first, last, head] = [end.firstEntry ?? 1, end.lastEntry ?? 0, end.sequence ?? 0];
  if (first < 1) return { sequence: first, kind: "unaccounted" };
  if (due > last) return { sequence: last + 1, kind: "cut" };
  if (last > head) return { sequence: head + 1, kind: "unaccounted" };
  if (end.hash !== null && !sameBytes(end.hash, hash)) return { sequence: head, kind: "changed" };
  return end.count === last - (from?.sequence ?? 0) ? null : firstRepeated(accountId);
}

export interface VerifyChainInput {
  readonly accountId: number;
  readonly anchor?: ChainAnchor | null | undefined;
  /** Further anchors: each recorded position must still have its hash. */
  readonly anchors?: readonly ChainAnchor[];
  /** Where an earlier walk ended; left out, the chain is walked from its beginning. What is there must build upon it. */
  readonly from?: ChainAnchor | null | undefined;
}

/** Recomputes an account's chain; names the first entry that is wrong, or else what stands beside the chain. */
export async function verifyChain(
  _permit: Permit<"auditLog.verify">,
  { accountId, anchor = null, anchors = [], from = null }: VerifyChainInput,
): Promise<ChainVerdict> {
  const end = await readEnd(accountId, from);
  const all = anchor === null ? anchors : [...anchors, anchor];
  const head = end.sequence ?? 0;
  // Entries beyond the head cannot come from the hub: they are reported without being verified.
  const last = Math.min(end.lastEntry ?? 0, head);
  const { fault, hash, seen } = await walk({ accountId, last, anchors: all, from });
  const due = Math.max(head, from?.sequence ?? 0, ...all.map(({ sequence }) => sequence));
  return {
    accountToken: end.token,
    accountName: end.name,
    entries: seen,
    verified: { sequence: seen, hash: inHex(hash) },
    fault: fault ?? (await faultBeside(accountId, end, { hash, due, from })),
    anchor: end.sequence && end.hash ? { sequence: end.sequence, hash: inHex(end.hash) } : null,
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
  const account = await db().account.findUnique({ where: { token: accountToken }, select: { id: true } });
  return account ? { accountId: account.id, accountToken } : null;
}

export interface LostLog {
  readonly accountToken: string;
  /** The last entry that is known of. */
  readonly reached: number;
}

/**
 * What is left of logs whose account is gone. No deed of the hub removes an account that has a log, and the database
 * refuses it: somebody has been here who can have both silenced.
 */
export function listLostLogs(_permit: Permit<"auditLog.verify">): Promise<LostLog[]> {
  return readSql(Prisma.sql`
    WITH RECURSIVE logged AS (
      (SELECT account_id FROM audit_entries ORDER BY account_id LIMIT 1)
      UNION ALL
      SELECT (SELECT e.account_id FROM audit_entries e WHERE e.account_id > logged.account_id ORDER BY e.account_id LIMIT 1)
      FROM logged WHERE logged.account_id IS NOT NULL
    ), known AS (
      SELECT account_id, account_token, verified_to AS reached FROM audit_verifications
      UNION ALL SELECT account_id, NULL, sequence FROM audit_heads
      UNION ALL SELECT account_id, NULL, (SELECT max(e.sequence) FROM audit_entries e WHERE e.account_id = logged.account_id)
        FROM logged WHERE account_id IS NOT NULL
    )
    SELECT COALESCE(max(account_token), 'number ' || account_id) AS "accountToken", max(reached)::int AS reached
    FROM known WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.id = known.account_id)
    GROUP BY account_id ORDER BY account_id`);
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
  { type, id }: { readonly type: Noun; readonly id: number },
): Promise<HistoryRow[]> {
  const entries = await readSql<Omit<HistoryRow, "occurredAt" | "says"> & { occurredAt: Date }>(Prisma.sql`
    SELECT sequence, occurred_at AS "occurredAt", actor_name AS "actorName", actor_kind AS "actorKind", action, before, after, ip
    FROM audit_entries WHERE account_id = ${permit.account.id} AND record_type = ${type} AND record_id = ${id}
      AND ${standsInLog(permit.account.id)}
    ORDER BY sequence DESC LIMIT ${HISTORY_LENGTH}`);
  return entries.map((entry) => ({
    ...entry,
    occurredAt: entry.occurredAt.toISOString(),
    says: sayEvent(entry.action),
  }));
}
